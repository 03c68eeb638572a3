import { isTree, plainText, type Tree } from '../../domain/index.ts'
import { type FoundObject, type ObjectKind, type ObjectQuery, type ProbeWorld, partOf } from '../../engine/index.ts'
import { type Inputs, probeOf, type Sight } from '../probe-frame.ts'
import { manifestIn } from './manifest.ts'
import { k8sProbeSchema, type OPERATIONS } from './schema.ts'

const MOST_NAMES = 50
const SHOWN = 5

type Operation = (typeof OPERATIONS)[number]

interface Question {
  operation: Operation
  query: Omit<ObjectQuery, 'signal'>
  /** of the new object */
  data: Tree | null
}

/** Objects of the API server that the run's infrastructure has, of any kind. */
export const k8sProbe = probeOf<Question>({
  schema: k8sProbeSchema,
  read,
  changes: ({ operation, query }) => (operation === 'create' || operation === 'delete' ? query.namespace : null),
  look: async (question, world) => {
    const sight = await LOOKS[question.operation](question, world)
    return { ...sight, evidence: `${askedText(question)}: ${sight.evidence} (wanted ${wantedText(question)})` }
  },
  asked: (question) => ({ what: askedText(question), wanted: wantedText(question) })
})

function read(inputs: Inputs): Question | string {
  const text = (path: string) => plainText(inputs[path])
  const operation = text('operation').toLowerCase() as Operation
  const names = text('resourceNames')
    .split(',')
    .flatMap((name) => name.trim() || [])
  if (names.length > MOST_NAMES) return `resourceNames has ${names.length} names, at most ${MOST_NAMES} are read`
  const [fieldSelector, labelSelector] = [text('fieldSelector'), text('labelSelector')]
  if (operation === 'delete' && names.length === 0 && fieldSelector === '' && labelSelector === '')
    return 'delete needs resourceNames, fieldSelector or labelSelector: without one it would delete all'
  const data = operation === 'create' ? manifestIn(text('data')) : null
  if (data !== null && !isTree(data)) return data
  const kind = { group: text('group'), version: text('version'), resource: text('resource') }
  const query = { ...kind, namespace: text('namespace') || null, names, fieldSelector, labelSelector }
  return { operation, query, data }
}

type Look = (question: Question, world: ProbeWorld) => Promise<Sight>

const LOOKS: Record<Operation, Look> = {
  present: async ({ query }, { target, signal }) => {
    const found = await partOf(target, 'cluster').objects.find({ ...query, signal })
    return { passed: isWhole(query, found), evidence: foundText(found) }
  },
  absent: async ({ query }, { target, signal }) => {
    const found = await partOf(target, 'cluster').objects.find({ ...query, signal })
    return { passed: found.length === 0, evidence: foundText(found) }
  },
  create: async ({ query, data }, { target, signal }) => {
    const name = await partOf(target, 'cluster').objects.create(query, data ?? {}, signal)
    return { passed: true, evidence: `${name} was made` }
  },
  delete: async ({ query }, { target, signal }) => {
    const removed = await partOf(target, 'cluster').objects.remove({ ...query, signal })
    const deleted = removed.length === 0 ? '' : ', deleted'
    return { passed: isWhole(query, removed), evidence: `${foundText(removed)}${deleted}` }
  }
}

/** All that are named, in one namespace at least; where none is named, one will do. */
function isWhole({ names }: Pick<ObjectQuery, 'names'>, found: readonly FoundObject[]): boolean {
  if (names.length === 0) return found.length > 0
  return names.every((name) => found.some((object) => object.name === name))
}

function foundText(found: readonly FoundObject[]): string {
  if (found.length === 0) return 'none found'
  const names = found.slice(0, SHOWN).map(({ name }) => name)
  return `found ${names.join(', ')}${found.length > SHOWN ? ' and others' : ''}`
}

function askedText({ operation, query, data }: Question): string {
  const selectors = [query.labelSelector, query.fieldSelector].filter((text) => text !== '')
  const chosen = query.names.length > 0 ? query.names : selectors
  const which = data !== null || chosen.length === 0 ? '' : ` ${chosen.join(', ')}`
  return `${operation} ${kindText(query)}${which} in ${query.namespace ?? 'the whole cluster'}`
}

function kindText({ group, version, resource }: ObjectKind): string {
  return `${resource}.${version}${group === '' ? '' : `.${group}`}`
}

function wantedText({ operation, query: { names } }: Question): string {
  if (operation === 'create') return 'a new one'
  if (operation === 'absent') return 'none'
  return names.length > 1 ? 'all of them' : names.length === 1 ? 'it' : 'at least one'
}
