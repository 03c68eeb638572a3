export type { ApiOptions } from './context.ts'
export { createApi } from './server.ts'
