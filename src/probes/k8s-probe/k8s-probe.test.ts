import { expect, test } from 'vitest'
import { FakeTarget } from '../../engine/fixtures/fake-target.ts'
import type { Cluster, FoundObject, Objects } from '../../engine/index.ts'
import { systemClock } from '../../platform/index.ts'
import { k8sProbe } from './k8s-probe.ts'

const PODS = { version: 'v1', resource: 'pods', namespace: 'shop' }
const DATA = 'apiVersion: v1\nkind: Pod\nmetadata: { name: extra }\n'

/** An API with pods of these names. */
class Pods implements Objects {
  readonly names: string[]

  constructor(names: readonly string[]) {
    this.names = [...names]
  }

  async find({ names }: { names: readonly string[] }): Promise<FoundObject[]> {
    const found = names.length === 0 ? this.names : this.names.filter((name) => names.includes(name))
    return found.map((name) => ({ name, uid: name, namespace: 'shop', labels: {} }))
  }

  async create(_: unknown, object: Readonly<Record<string, unknown>>): Promise<string> {
    const { name } = object.metadata as { name: string }
    this.names.push(name)
    return name
  }

  async remove(query: { names: readonly string[] }): Promise<FoundObject[]> {
    const found = await this.find(query)
    for (const { name } of found) this.names.splice(this.names.indexOf(name), 1)
    return found
  }
}

async function check(inputs: object, names: readonly string[]) {
  const parsed = k8sProbe.parse({ ...PODS, ...inputs })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null })
  target.cluster = { objects: new Pods(names) } as unknown as Cluster
  return parsed.check({ target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal })
}

test.each([
  [{ operation: 'present' }, ['a', 'b'], true, 'present pods.v1 in shop: found a, b (wanted at least one)'],
  [{ operation: 'Present' }, [], false, 'present pods.v1 in shop: none found (wanted at least one)'],
  [{ operation: 'present', resourceNames: 'a, b' }, ['a'], false, /a, b in shop: found a \(wanted all of them\)$/],
  [{ operation: 'absent', labelSelector: 'app=x' }, [], true, 'absent pods.v1 app=x in shop: none found (wanted none)'],
  [{ operation: 'absent', resourceNames: 'a' }, ['a'], false, /found a \(wanted none\)$/],
  [{ operation: 'create', data: DATA }, [], true, 'create pods.v1 in shop: extra was made (wanted a new one)'],
  [{ operation: 'delete', resourceNames: 'a' }, ['a', 'b'], true, /found a, deleted \(wanted it\)$/],
  [{ operation: 'delete', resourceNames: 'a' }, ['b'], false, /none found \(wanted it\)$/]
])('%o among %o: passed %s', async (inputs, names, passed, evidence) => {
  const seen = await check(inputs, names)
  expect(seen.passed).toBe(passed)
  if (typeof evidence === 'string') expect(seen.evidence).toBe(evidence)
  else expect(seen.evidence).toMatch(evidence)
})

test('guardrails are asked of the namespace in which it changes something, and of no other', () => {
  const changes = (inputs: object) => k8sProbe.parse({ ...PODS, ...inputs })
  expect(changes({ operation: 'create', data: DATA })).toMatchObject({ ok: true, changes: 'shop' })
  expect(changes({ operation: 'present' })).toMatchObject({ ok: true, changes: null })
})

test.each([
  [{}, /operation is missing/],
  [{ operation: 'exists' }, /"exists" is none of present, absent, create, delete/],
  [{ operation: 'present', resource: '../secrets' }, /"\.\.\/secrets" is no name/],
  [{ operation: 'present', version: '' }, /version is missing/],
  [{ operation: 'create' }, /data is missing/],
  [{ operation: 'create', data: DATA, namespace: '' }, /namespace is missing/],
  [{ operation: 'create', data: 'a: [' }, /data is no YAML/],
  [{ operation: 'create', data: 'x: &a 1\ny: *a' }, /data cannot be read/],
  [{ operation: 'create', data: 'just a text' }, /must be an object/],
  [{ operation: 'create', data: `${DATA}---\n${DATA}` }, /must be one object, and is 2/],
  [{ operation: 'delete' }, /delete needs resourceNames, fieldSelector or labelSelector/],
  [{ operation: 'present', resourceNames: 'x,'.repeat(51) }, /has 51 names/]
])('%o is refused', (inputs, reason) => {
  const parsed = k8sProbe.parse({ ...PODS, ...inputs })
  expect(parsed.ok === false && parsed.problems.map(({ message }) => message).join('; ')).toMatch(reason)
})
