import {
  DEFINITION_KINDS,
  type FaultCatalogue,
  type FaultSchema,
  PROBE_MODES,
  type ProbeSchema,
  type TunableSchema
} from '../../../domain/index.ts'
import type { Completion } from './completion.ts'
import { policyOptions } from './policy-completions.ts'
import { type YamlPlace, yamlPlace } from './yaml-place.ts'

/** What may stand at the end of the text, by the same catalogue that judges it; `length`: of the word that is replaced. */
export function completionsAt(
  before: string,
  catalogue: FaultCatalogue
): { length: number; options: Completion[] } | null {
  const place = yamlPlace(before)
  if (place === null) return null
  const options = optionsAt(place, catalogue)
  return options.length === 0 ? null : { length: place.word.length, options }
}

function optionsAt(place: YamlPlace, { faults, probes }: FaultCatalogue): Completion[] {
  const { key, keys } = place
  const parent = keys.at(-1)
  if (parent === undefined && key === 'kind') return DEFINITION_KINDS.map((kind) => ({ label: kind }))
  if (place.beside('kind', place.keys.length) === 'EventPolicy') return policyOptions(place)
  if (parent === 'experiments' && key === 'name') return faults.map(faultOption)
  if (parent === 'env' && key === 'name') return tunables(place, faults).map(tunableOption)
  if (parent === 'env' && key === 'value') return values(place, faults)
  if (parent === 'probe' && key === 'type') return probes.map(probeOption)
  if (parent === 'probe' && key === 'mode') return modes(place, probes)
  return key === null ? inputs(place, probes) : inputValues(place, key, probes)
}

function faultOption({ name, title, description }: FaultSchema): Completion {
  return { label: name, detail: title, info: description }
}

function probeOption({ type, title, description }: ProbeSchema): Completion {
  return { label: type, detail: title, info: description }
}

/** Of the fault whose experiment this is: `experiments: - name, spec: components: env`. */
function tunables({ beside, keys }: YamlPlace, faults: readonly FaultSchema[]): readonly TunableSchema[] {
  const name = keys.at(-4) === 'experiments' ? beside('name', 3) : null
  return faults.find((fault) => fault.name === name)?.tunables.filter(({ unsupported }) => !unsupported) ?? []
}

function tunableOption(tunable: TunableSchema): Completion {
  return { label: tunable.name, detail: amountOf(tunable), info: tunable.description }
}

function amountOf({ type, unit = '', default: otherwise }: TunableSchema): string {
  const given = otherwise === '' ? 'no default' : `default ${otherwise}${unit === '' ? '' : ` ${unit}`}`
  return `${type}, ${given}`
}

function values(place: YamlPlace, faults: readonly FaultSchema[]): Completion[] {
  const name = place.beside('name')
  const tunable = tunables(place, faults).find((one) => one.name === name)
  if (tunable === undefined) return []
  const words = tunable.choices ?? (tunable.type === 'boolean' ? ['true', 'false'] : [tunable.default])
  return words
    .filter((word) => word !== '')
    .map((word) => ({
      label: word,
      apply: place.quoted ? word : JSON.stringify(word),
      detail: word === tunable.default ? 'default' : (tunable.unit ?? '')
    }))
}

function modes({ beside }: YamlPlace, probes: readonly ProbeSchema[]): Completion[] {
  const type = beside('type')
  const known = probes.find((probe) => probe.type === type)?.modes ?? PROBE_MODES
  return known.map((mode) => ({ label: mode }))
}

/** The inputs below `<type>/inputs:`, and which of their paths the cursor is in, `method.`. */
function inputsAround({ keys }: YamlPlace, probes: readonly ProbeSchema[]) {
  const at = keys.findLastIndex((key) => key.endsWith('/inputs'))
  const schema = probes.find(({ type }) => keys[at] === `${type}/inputs`)
  const above = keys.slice(at + 1).map((key) => `${key}.`)
  return { all: schema?.inputs.filter(({ beside }) => beside === undefined) ?? [], start: above.join('') }
}

function inputValues(place: YamlPlace, key: string, probes: readonly ProbeSchema[]): Completion[] {
  const { all, start } = inputsAround(place, probes)
  const input = all.find(({ path }) => path === `${start}${key}`)
  return (input?.choices ?? []).map((label) => ({ label }))
}

/** The next key of each input's path. */
function inputs(place: YamlPlace, probes: readonly ProbeSchema[]): Completion[] {
  const { all, start } = inputsAround(place, probes)
  const below = all.filter(({ path, refused }) => path.startsWith(start) && refused === undefined)
  const next = Map.groupBy(below, ({ path }) => path.slice(start.length).split('.')[0] ?? '')
  return [...next].map(([label, [first]]) => {
    const whole = first?.path === `${start}${label}`
    const info = whole ? { info: first.description, detail: first.required === true ? 'required' : first.type } : {}
    return { label, apply: `${label}: `, ...info }
  })
}
