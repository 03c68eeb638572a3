import type { Clock, Logger } from '../platform/index.ts'
import type { Store } from '../store/index.ts'
import type { LoginLimit } from './login-limit.ts'

/** What the parts of this room work with. */
export interface Desk {
  store: Store
  clock: Clock
  log: Logger
  limit: LoginLimit
  adminLogin: string
  /** holds the admin's first password (0600) until it is changed */
  passwordFile: string
}
