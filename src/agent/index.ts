export { type Agent, type AgentOptions, createAgent } from './agent.ts'
export { createFileJournal } from './file-journal.ts'
export { localOrigins, localSource, localTarget } from './local-world.ts'
export type { SeenWorkload, WorkloadSource } from './observer.ts'
