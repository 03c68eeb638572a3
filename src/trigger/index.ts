export { createHooks } from './hooks/hooks.ts'
export { resealHooks } from './hooks/reseal.ts'
export { changeAgings } from './retention.ts'
export { Trigger, type TriggerOptions } from './trigger.ts'
