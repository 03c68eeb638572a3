import { type FaultSchema, readTunable } from '../domain/index.ts'
import type { NodeReader } from './node-reader.ts'

/**
 * Known tunables must have values that fit; unknown ones are only warned of: hub files carry many. A value that still
 * holds a placeholder is judged when that is filled.
 */
export function checkTunables(env: NodeReader, values: Readonly<Record<string, string>>, schema: FaultSchema): void {
  // on Argo they are Litmus' own
  if (env.engine === 'argo') return
  env.items().forEach((item) => {
    const name = item.at('name').text() ?? ''
    const tunable = schema.tunables.find((known) => known.name === name)
    if (tunable === undefined) {
      item.problem('manifest/unknown-tunable', `${schema.name} has no tunable ${name}; it has no effect.`, 'warning')
      return
    }
    const written = values[name] ?? ''
    const reading = readTunable(tunable, written)
    if (!reading.ok && !written.includes('{{'))
      item.at('value').problem('manifest/tunable', `${name} ${reading.reason}.`)
  })
}
