export { type LocalClient, localClient } from './client.ts'
export type {
  ApplyResult,
  DeploymentView,
  Local,
  LocalOptions,
  NetworkToxic,
  ObjectFilter,
  ObjectRef,
  Objects,
  PodView,
  Rollout,
  ServiceView
} from './local.ts'
export { createLocal } from './runtime.ts'
export { openSocket } from './socket.ts'
