export interface Taint {
  key: string
  value: string
  effect: string
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/

/** `key=value:effect` or `key:effect`, with Litmus' defaults for what is not said; a text: what is wrong with it. */
export function readTaint(written: string): Taint | string {
  const [label = '', effect = 'NoExecute', ...rest] = written.split(':')
  const [key = '', value = 'node-taint', ...more] = label.split('=')
  if (rest.length > 0 || more.length > 0) return `"${written}" is not one taint, key=value:effect`
  if (!EFFECTS.includes(effect)) return `has the effect "${effect}", which is none of ${EFFECTS.join(', ')}`
  if (!KEY.test(key)) return `has the key "${key}", which is no name that a taint may have`
  if (!VALUE.test(value)) return `has the value "${value}", which a taint cannot have`
  return { key, value, effect }
}
