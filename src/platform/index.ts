export {
  AppError,
  type AppErrorOptions,
  type ErrorDetails,
  type ErrorKind,
  toAppError
} from './app-error.ts'
export { type BackoffOptions, backoff } from './backoff.ts'
export { type Clock, systemClock } from './clock.ts'
export { firstIdAt, isId, newId, newToken } from './ids.ts'
export {
  createLogger,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  silentLogger
} from './logger.ts'
export { Loop, type LoopOptions } from './loop.ts'
export { type Counter, type Histogram, type Labels, Metrics, type Sample } from './metrics.ts'
export { programFile } from './program.ts'
export { type Aging, Retention } from './retention.ts'
export { createSealer, type Sealer } from './seal.ts'
export { Redactor, Secret } from './secret.ts'
export { Shutdown } from './shutdown.ts'
