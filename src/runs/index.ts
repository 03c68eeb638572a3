export { Runs, type RunsOptions } from './runs.ts'
