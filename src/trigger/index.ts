export { ROLLOUT_TIMEOUT_MS, Trigger, type TriggerOptions } from './trigger.ts'
