import type { DefinitionKind, EventPolicy, FaultCatalogue, PlanStep, ScheduleRules } from '../domain/index.ts'
import { NodeReader, type ProblemSink } from './node-reader.ts'
import { fill, fillDeep } from './placeholders.ts'
import type { Source } from './source.ts'

/** A file that is YAML and of a known kind, on its way to be understood. */
export interface Reading {
  source: Source
  sink: ProblemSink
  root: NodeReader
  /** empty where the file's own is none */
  name: string
  catalogue: FaultCatalogue
  /** parameters of the run that it is compiled for; null: the file is only judged */
  given: Readonly<Record<string, string>> | null
}

export interface Parameter {
  name: string
  /** null: must be given with each run */
  value: string | null
  description: string | null
}

/** What a definition makes happen. */
export interface Content {
  parameters: readonly Parameter[]
  /** with the parameters' values filled in */
  steps: readonly PlanStep[]
  deadlineSeconds: number | null
  /** null: it starts only when it is asked to */
  schedule: ScheduleRules | null
  /** null: it starts nothing by itself when a workload changes */
  policy: EventPolicy | null
  /** labels of what it makes, where it may say where to run */
  labels: Readonly<Record<string, string>>
}

/** One kind of definition: how its files are recognised, and what they say. Problems go to the reading's sink. */
export interface KindReader {
  kind: DefinitionKind
  apiVersion: string
  read(reading: Reading): Content
}

/** The file for parts that know no parameters: a placeholder there is a text like others. */
export function withoutTokens({ source, sink }: Reading): NodeReader {
  const plain = (text: string) => fill(text, source.tokens.expressions, () => undefined)
  return new NodeReader(fillDeep(source.data, plain), sink)
}
