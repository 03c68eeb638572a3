import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import { Redactor } from './secret.ts'

export type Logger = PinoLogger
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LoggerOptions {
  level: LogLevel
  /** every line passes it: tracked secrets never reach the log */
  redactor: Redactor
  destination?: DestinationStream
}

/**
 * JSON lines. `error`: a person is needed; `warn`: degraded, trying again; `info`: facts of life; `debug`: values.
 * Messages are static, data goes into fields.
 */
export function createLogger(options: LoggerOptions): Logger {
  const out = options.destination ?? process.stdout
  const redacting: DestinationStream = {
    write: (line) => out.write(options.redactor.redact(line))
  }
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime
    },
    redacting
  )
}

/** For tests and for tools that print nothing. */
export function silentLogger(): Logger {
  return createLogger({ level: 'silent', redactor: new Redactor() })
}
