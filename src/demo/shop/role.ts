/** What a service of the shop knows of the world around it. */
export interface ServiceContext {
  version: string
  pod: string
  /** base URL of another service */
  url(service: string): string
}

/** A service's role: what it answers to a path. */
export type Handler = (path: string, context: ServiceContext) => Promise<unknown>
