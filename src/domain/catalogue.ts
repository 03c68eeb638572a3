import type { ClusterRight } from './cluster-right.ts'
import type { InfrastructureKind, ProbeMode } from './words.ts'

/** Fault and probe schemas as data: the engine's registers make it, manifest and portal only read it. */

export interface TunableSchema {
  name: string
  /** what a written text must be: see `readTunable` */
  type:
    | 'integer'
    | 'number'
    | 'boolean'
    | 'string'
    | 'percentage'
    | 'duration-seconds'
    | 'duration-ms'
    | 'list'
    | 'rate'
    | 'size'
    | 'header'
    | 'headers'
  /** as Litmus writes it: always a string */
  default: string
  unit?: string
  min?: number
  max?: number
  choices?: readonly string[]
  /** known, and refused when it is set to anything but its default */
  unsupported?: true
  description: string
}

export interface FaultSchema {
  name: string
  title: string
  description: string
  tunables: readonly TunableSchema[]
  /** what it means on each kind of infrastructure; a kind that is absent is not supported */
  infrastructures: Partial<Record<InfrastructureKind, string>>
  /** on Kubernetes, beside those that observing needs; the agent's role is made from them */
  rights?: readonly ClusterRight[]
  /** it harms whole nodes of a cluster, and with them whatever is there; absent: what is in the namespace of its target */
  harms?: 'nodes'
  /** `effect`: seen to do harm and to end; `api-intent`: accepted by the API; `experimental`: neither */
  proof: 'effect' | 'api-intent' | 'experimental'
}

/** Where the input at `path` has one of these values, whatever their case. */
export interface InputCase {
  path: string
  values: readonly string[]
}

/** One input of a probe; compound types are judged as one. */
export interface InputSchema {
  /** where in the inputs, for example `method.post.body` */
  path: string
  /**
   * `address`: host:port; `name`: as Kubernetes has them in paths; `comparator`: type, criteria and value; `answer`:
   * criteria, responseCode and responseBody of an HTTP answer
   */
  type: 'text' | 'url' | 'address' | 'name' | 'flag' | 'milliseconds' | 'comparator' | 'answer'
  required?: true | InputCase
  /** words in small letters, read whatever their case */
  choices?: readonly string[]
  /** it stands beside `<type>/inputs`, where Litmus has it */
  beside?: true
  /** of a comparator that does not say its type */
  otherwise?: 'int' | 'float' | 'string'
  /** why it cannot be used: whoever writes it is told; the one value that means nothing may stand there */
  refused?: string
  unless?: string
  description: string
}

export interface ProbeSchema {
  /** Litmus' type name, for example `httpProbe` */
  type: string
  title: string
  description: string
  modes: readonly ProbeMode[]
  inputs: readonly InputSchema[]
  /** `runs a command`: what it does only where the infrastructure allows commands; always, if no case is said */
  commands?: { what: string; when?: InputCase }
  /** of these inputs exactly one must be given */
  exactlyOne?: readonly string[]
  /** what it means on each kind of infrastructure; a kind that is absent is not supported */
  infrastructures: Partial<Record<InfrastructureKind, string>>
}

export interface FaultCatalogue {
  faults: readonly FaultSchema[]
  probes: readonly ProbeSchema[]
}
