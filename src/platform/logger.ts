import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import { readableLine } from './readable-line.ts'
import { Redactor } from './secret.ts'

export type Logger = PinoLogger
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LoggerOptions {
  level: LogLevel
  /** every line passes it: tracked secrets never reach the log */
  redactor: Redactor
  destination?: DestinationStream
  /** text for a person at a terminal instead of JSON */
  readable?: boolean
}

/**
 * JSON lines, or text. `error`: a person is needed; `warn`: degraded, trying again; `info`: facts of life; `debug`: values.
 * Messages are static, data goes into fields.
 */
export function createLogger(options: LoggerOptions): Logger {
  const out = options.destination ?? process.stdout
  const redacting: DestinationStream = {
    write: (line) => {
      const clean = options.redactor.redact(line)
      return out.write(options.readable ? readableLine(clean) : clean)
    }
  }
  return pino(
    {
      level: options.level,
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime
    },
    redacting
  )
}

/** For tests and for tools that print nothing. */
export function silentLogger(): Logger {
  return createLogger({ level: 'silent', redactor: new Redactor() })
}
