export { runAgings } from './retention.ts'
export { Runs, type RunsOptions } from './runs.ts'
