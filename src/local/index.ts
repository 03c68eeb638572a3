export { type LocalClient, localClient } from './client.ts'
export type { PodLoad } from './load/pod-load.ts'
export type {
  ApplyResult,
  ContainerView,
  Local,
  LocalOptions,
  LogRef,
  ObjectFilter,
  ObjectRef,
  Objects,
  PodView,
  Rollout,
  ServiceView,
  WorkloadView
} from './local.ts'
export { createLocal } from './runtime.ts'
export { openSocket } from './socket.ts'
export type { NetworkToxic } from './toxics.ts'
