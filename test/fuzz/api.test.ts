import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { may } from '../../src/accounts/role-matrix.ts'
import { API_PREFIX, ROUTES, type Route } from '../../src/contract/index.ts'
import { type Case, fuzz, type OpenApi, withKnown } from './schemathesis.ts'
import { CALLERS, type Caller, makeWorld, PROJECT, type World } from './world.ts'

/** Fuzzed from its own OpenAPI document the API holds what it promises to each kind of caller. */

/** they may end the caller's session, or wait by design */
const LEFT_OUT = ['stream', 'logout', 'changePassword', 'resetPassword', 'agentTasks']
/** most cases of one operation, besides those that its schema's edges give; more of both on a day off */
const EXAMPLES = Number(process.env.FUZZ_EXAMPLES ?? 4)
const SEED = Number(process.env.FUZZ_SEED ?? 1)

let world: World
let folder: string
let document: OpenApi
const seen = new Map<Caller, Case[]>()

beforeAll(async () => {
  world = await makeWorld()
  folder = await mkdtemp(join(tmpdir(), 'faultline-fuzz-'))
  const answer = await fetch(new URL('/api/openapi.json', world.server.url))
  document = fuzzed(withKnown((await answer.json()) as OpenApi, world.known))
})
afterAll(async () => {
  await world.server.close()
  await rm(folder, { recursive: true, force: true })
})

describe.each(CALLERS.toReversed())('a caller who is %s', (caller) => {
  beforeAll(async () => {
    const { url } = world.server
    const headers = world.callers[caller]
    seen.set(caller, await fuzz({ document, origin: url.origin, headers, examples: EXAMPLES, seed: SEED, folder }))
  })

  it('is never answered that the server has failed', () => {
    expect(seen.get(caller)?.filter(({ status }) => status >= 500)).toEqual([])
  })

  it('reads no secret', () => {
    expect(seen.get(caller)?.flatMap(leaks)).toEqual([])
  })

  it('is denied what is not for him', () => {
    const taken = seen.get(caller)?.filter((one) => one.status < 300 && !isFor(caller, one)) ?? []
    expect(taken.map(({ method, target, status }) => `${status} ${method} ${target}`)).toEqual([])
  })
})

it('has been asked at least 5,000 times, and everybody of everything', () => {
  expect([...seen.values()].flat().length).toBeGreaterThanOrEqual(5000)
  for (const cases of seen.values()) expect(operationsOf(cases)).toEqual(expect.arrayContaining(operations()))
})

it('is asked for what is there: everything that can be read was read by somebody', () => {
  const read = operationsOf([...seen.values()].flat().filter(({ status }) => status < 300))
  expect(operations('get').filter((operation) => !read.includes(operation))).toEqual([])
})

function operations(method?: string): string[] {
  return Object.values(document.paths)
    .flatMap((path) => Object.entries(path))
    .flatMap(([verb, { operationId = '' }]) => (method === undefined || verb === method ? [operationId] : []))
}

function operationsOf(cases: readonly Case[]): string[] {
  return [...new Set(cases.map((one) => routeOf(one)?.id ?? ''))]
}

/** A path is left out whole: the fuzzer also tries the methods that the document does not name. */
function fuzzed(whole: OpenApi): OpenApi {
  const isKept = ([, operations]: [string, OpenApi['paths'][string]]) =>
    Object.values(operations).every(({ operationId = '' }) => !LEFT_OUT.includes(operationId))
  return { ...whole, paths: Object.fromEntries(Object.entries(whole.paths).filter(isKept)) }
}

function leaks({ method, target, answer }: Case): string[] {
  return Object.entries(world.secrets).flatMap(([what, value]) =>
    value !== '' && answer.includes(value) ? [`${method} ${target} answered ${what}`] : []
  )
}

function isFor(caller: Caller, one: Case): boolean {
  const route = routeOf(one)
  if (route === undefined) return false
  const { access } = route
  if (access === 'public') return true
  if (access === 'agent') return caller === 'agent'
  if (caller === 'agent' || caller === 'stranger') return false
  if (access === 'admin') return caller === 'admin'
  if (typeof access === 'string') return true
  // anybody may make a project, and owns it
  const inProject = one.target.startsWith(`${API_PREFIX}/projects/${PROJECT}/`)
  return !inProject || (caller !== 'outsider' && may(caller === 'admin' ? 'owner' : caller, access.action))
}

/** besides the contract's: what other systems call proves itself by its own secret */
const called = (path: string): Route => ({
  method: 'POST',
  path,
  summary: '',
  access: 'public',
  status: 202,
  response: null
})
const CALLED = { gitHook: called('/hooks/git/:project'), startHook: called('/hooks/start/:hook') }
const PATTERNS = Object.entries<Route>({ ...ROUTES, ...CALLED }).map(([id, route]) => ({
  id,
  ...route,
  pattern: new RegExp(`^${API_PREFIX}${route.path.replaceAll(/:\w+/g, '[^/]*')}/?$`)
}))

function routeOf({ method, target }: Case) {
  const path = target.split('?')[0] ?? ''
  return PATTERNS.find((route) => route.method === method && route.pattern.test(path))
}
