import { inputProblems, type ProbeSchema } from '../domain/index.ts'
import type { ParsedProbe, Probe, ProbeWorld } from '../engine/index.ts'
import { toAppError } from '../platform/index.ts'

export type Inputs = Readonly<Record<string, unknown>>

/** What a check saw, in words that end before the time it took. */
export interface Sight {
  passed: boolean
  evidence: string
}

export interface ProbeFrame<Parsed> {
  schema: ProbeSchema
  /** inputs that fit the schema → what is needed for a check, or what is still wrong with them */
  read(inputs: Inputs): Parsed | string
  /** one look; what it rejects with is a failed check */
  look(parsed: Parsed, world: ProbeWorld): Promise<Sight>
  /** the namespace in which a look changes something; if not said it changes nothing */
  changes?(parsed: Parsed): string | null
  /** what is asked and what is wanted, for a check that came to no answer */
  asked(parsed: Parsed): { what: string; wanted: string }
}

/** What all types of probes share: inputs judged by the schema, the time taken, errors as evidence. */
export function probeOf<Parsed extends object>(frame: ProbeFrame<Parsed>): Probe {
  const { schema, read, changes } = frame
  return {
    schema,
    parse: (inputs): ParsedProbe => {
      const wrong = inputProblems(schema, inputs).filter(({ severity }) => severity === 'error')
      if (wrong.length > 0)
        return refused(
          schema,
          wrong.map(({ message }) => message)
        )
      const parsed = read(inputs)
      if (typeof parsed === 'string') return refused(schema, [parsed])
      const check = (world: ProbeWorld) => timed(() => look(frame, parsed, world))
      return { ok: true, check, changes: changes?.(parsed) ?? null }
    }
  }
}

async function timed(work: () => Promise<Sight>) {
  const started = performance.now()
  const sight = await work()
  return { ...sight, ms: Math.round(performance.now() - started) }
}

async function look<Parsed>(
  { look: see, asked }: ProbeFrame<Parsed>,
  parsed: Parsed,
  world: ProbeWorld
): Promise<Sight> {
  try {
    return await see(parsed, world)
  } catch (error) {
    const { what, wanted } = asked(parsed)
    return { passed: false, evidence: `${what}: ${toAppError(error).message} (wanted ${wanted})` }
  }
}

function refused({ type }: ProbeSchema, messages: readonly string[]): ParsedProbe {
  const problem = (message: string) =>
    ({ code: 'probes/bad-input', message: `${type}: ${message}`, severity: 'error' }) as const
  return { ok: false, problems: messages.map(problem) }
}
