/** Something that an account of a cluster may do; `group` '' is the core API. */
export interface ClusterRight {
  group: string
  resource: string
  verbs: readonly string[]
  /** this object alone; a right to list, or to create, cannot be narrowed so */
  name?: string
}

/** The Secret in which an agent keeps its key. The manifest brings it empty: so no right to make or to list Secrets is needed. */
export const AGENT_SECRET = 'faultline-agent-key'

/** The Lease that says which agent works; the manifest brings it too, held by nobody. */
export const AGENT_LEASE = 'faultline-agent'
