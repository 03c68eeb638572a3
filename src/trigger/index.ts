export { Trigger, type TriggerOptions } from './trigger.ts'
