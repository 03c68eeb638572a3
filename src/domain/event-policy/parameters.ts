import { changesBetween } from '../observation.ts'
import type { Happening } from './evaluate.ts'

/** a value that goes into a run is no essay */
const LONGEST = 1000

/**
 * Parameters of a run, with what happened filled in: `{{change.namespace}}`, `.kind`, `.name`, `.infrastructure`,
 * `.before`, `.after` (of the first field that changed) and `{{change.image.cart.after}}`. Values are data: they never
 * pass through YAML. A placeholder that is not known stays as it is.
 */
export function filledParameters(
  parameters: Readonly<Record<string, string>>,
  happening: Happening
): Record<string, string> {
  return filledFrom(parameters, /\{\{\s*change\.([^{}]{1,400}?)\s*\}\}/g, valuesOf(happening))
}

/** The same for what a hook was told: `{{event.commonLabels.namespace}}`, by the value's path in the event. */
export function filledByEvent(
  parameters: Readonly<Record<string, string>>,
  values: ReadonlyMap<string, string>
): Record<string, string> {
  return filledFrom(parameters, /\{\{\s*event\.([^{}]{1,400}?)\s*\}\}/g, values)
}

function filledFrom(
  parameters: Readonly<Record<string, string>>,
  placeholder: RegExp,
  values: ReadonlyMap<string, string>
): Record<string, string> {
  const fill = (text: string) => text.replace(placeholder, (whole, name: string) => values.get(name) ?? whole)
  return Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, fill(text).slice(0, LONGEST)]))
}

function valuesOf({ infrastructure, before, after }: Happening): ReadonlyMap<string, string> {
  const { namespace, kind, name } = after
  const changes = changesBetween(before, after)
  const values = new Map(Object.entries({ infrastructure, namespace, kind: kind.toLowerCase(), name }))
  for (const one of changes) {
    values.set(`${one.aspect}.${one.key}.before`, one.before ?? '')
    values.set(`${one.aspect}.${one.key}.after`, one.after ?? '')
  }
  const [first] = changes
  return values.set('before', first?.before ?? '').set('after', first?.after ?? '')
}
