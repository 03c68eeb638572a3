export type { ApiOptions } from './context.ts'
export { createApi, replaceCertificate } from './server.ts'
