import { type Comparator, comparatorText, compares, fieldsOf, parseComparator, plainText } from '../../domain/index.ts'
import type { Probe, ProbeWorld } from '../../engine/index.ts'
import { findPattern, patternProblem } from '../comparison.ts'
import { type Inputs, probeOf, type Sight } from '../probe-frame.ts'
import { cmdProbeSchema } from './schema.ts'

const SHOWN = 200

interface Command {
  command: string
  comparator: Comparator
}

/** A command where workloads run, judged by its code and its output. */
export const cmdProbe: Probe = probeOf<Command>({
  schema: cmdProbeSchema,
  read,
  look,
  asked: ({ command, comparator }) => ({ what: shown(command), wanted: comparatorText(comparator) })
})

function read(inputs: Inputs): Command | string {
  const comparator = parseComparator(fieldsOf(inputs.comparator), 'string')
  if (typeof comparator === 'string') return comparator
  return patternProblem(comparator) ?? { command: plainText(inputs.command), comparator }
}

async function look({ command, comparator }: Command, world: ProbeWorld): Promise<Sight> {
  const { target, namespace, timeoutMs, signal } = world
  const { code, output, errors } = await target.runCommand({ command, namespace, timeoutMs, signal })
  const wanted = `(wanted ${comparatorText(comparator)})`
  if (code !== 0) return { passed: false, evidence: `${shown(command)} ended with ${code}: ${shown(errors)} ${wanted}` }
  return {
    passed: compares(comparator, output, findPattern),
    evidence: `${shown(command)} said ${shown(output.trim())} ${wanted}`
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
}
