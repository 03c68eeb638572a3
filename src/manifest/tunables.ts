import type { FaultSchema, TunableSchema } from '../domain/index.ts'
import type { NodeReader } from './node-reader.ts'

/** Known tunables must have values that fit; unknown ones are only warned of: hub files carry many. */
export function checkTunables(env: NodeReader, values: Readonly<Record<string, string>>, schema: FaultSchema): void {
  env.items().forEach((item) => {
    const name = item.at('name').text() ?? ''
    const tunable = schema.tunables.find((known) => known.name === name)
    if (tunable === undefined)
      item.problem('manifest/unknown-tunable', `${schema.name} has no tunable ${name}; it has no effect.`, 'warning')
    else {
      const reason = reasonAgainst(values[name] ?? '', tunable)
      if (reason !== null) item.at('value').problem('manifest/tunable', `${name} is "${values[name]}": ${reason}.`)
    }
  })
}

/** Why the value does not fit; null = it does. An empty one means the default; a placeholder is judged when it is filled. */
function reasonAgainst(value: string, tunable: TunableSchema): string | null {
  if (value === '' || value.includes('{{')) return null
  if (tunable.choices !== undefined && !tunable.choices.includes(value))
    return `one of ${tunable.choices.join(', ')} is expected`
  if (tunable.type === 'string' || tunable.type === 'list') return null
  if (tunable.type === 'boolean') return ['true', 'false'].includes(value) ? null : 'true or false is expected'
  const number = Number(value)
  const whole = tunable.type === 'integer'
  if (!/^-?\d+(\.\d+)?$/.test(value) || (whole && !Number.isInteger(number)))
    return whole ? 'a whole number is expected' : 'a number is expected'
  const { min = tunable.type === 'percentage' ? 0 : undefined, max = tunable.type === 'percentage' ? 100 : undefined } =
    tunable
  if (min !== undefined && number < min) return `at least ${min} is expected`
  if (max !== undefined && number > max) return `at most ${max} is expected`
  return null
}
