export { changeAgings } from './retention.ts'
export { Trigger, type TriggerOptions } from './trigger.ts'
