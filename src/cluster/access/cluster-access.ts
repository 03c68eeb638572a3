import type { Secret } from '../../platform/index.ts'

/** How an API server is reached, and as whom. */
export interface ClusterAccess {
  server: URL
  /** PEM; null = the authorities of the system */
  ca: string | null
  /** name that the server's certificate must carry; null = the host of `server` */
  serverName: string | null
  /** PEM; null = the token alone says who we are */
  certificate: { cert: string; key: Secret } | null
  /** asked before each request: a token in a file is rotated */
  token: () => Promise<Secret | null>
  /** the one that is meant where none is named */
  namespace: string
  /** where all this was read, for messages */
  from: string
}
