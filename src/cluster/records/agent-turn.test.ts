import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AppError, type Clock, silentLogger } from '../../platform/index.ts'
import type { ClusterAccess } from '../access/cluster-access.ts'
import { KubeClient } from '../client/kube-client.ts'
import { AgentTurn } from './agent-turn.ts'

interface Lease {
  metadata: { resourceVersion: string }
  spec: { holderIdentity?: string; renewTime?: string; leaseDurationSeconds?: number }
}

/** One Lease behind HTTP; as the API server does, it refuses a write that did not see the one before. */
let lease: Lease
let away: boolean
/** that came here */
let requests = 0
const server = createServer(async (asked, answer) => {
  requests++
  if (away) return void answer.destroy()
  if (asked.method === 'PUT') {
    const sent = (await json(asked)) as Lease
    const seen = sent.metadata.resourceVersion === lease.metadata.resourceVersion
    if (!seen) return void answer.writeHead(409).end('somebody else was quicker')
    lease = { ...sent, metadata: { resourceVersion: String(Number(sent.metadata.resourceVersion) + 1) } }
  }
  answer.end(JSON.stringify(lease))
})

/** of all machines here: turned on by hand; naps are short */
let now: number
const clock: Clock = { now: () => new Date(now), sleep: (ms, signal) => wait(ms && 2, undefined, { signal }) }
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  lease = { metadata: { resourceVersion: '1' }, spec: {} }
  away = false
  now = Date.UTC(2026, 0, 1)
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  away = false
  for (const close of closing.splice(0).toReversed()) await close()
  server.close()
  server.closeAllConnections()
})

/** An agent that wants its turn, and how it stands. */
function agent(holder: string) {
  const stands: { works: boolean; lost: AppError | null } = { works: false, lost: null }
  const { port } = server.address() as AddressInfo
  const access: ClusterAccess = {
    ...{ server: new URL(`http://127.0.0.1:${port}`), ca: null, serverName: null, certificate: null },
    ...{ token: async () => null, namespace: 'default', from: 'the test' }
  }
  const client = new KubeClient(access, clock)
  const onLost = (error: AppError) => Object.assign(stands, { works: false, lost: error })
  const turn = new AgentTurn({ client, namespace: 'default', holder, clock, log: silentLogger(), onLost })
  closing.push(
    () => client.close(),
    () => turn.close()
  )
  void turn.take(new AbortController().signal).then(() => {
    stands.works = true
  })
  return { stands, turn }
}

const works = ({ stands }: { stands: { works: boolean } }) => expect.poll(() => stands.works).toBe(true)

/** all agents have looked several times since */
async function looked(): Promise<void> {
  const before = requests
  await expect.poll(() => requests).toBeGreaterThan(before + 20)
}

it('of many that come at once one works, and when it closes another does', async () => {
  const agents = ['a', 'b', 'c', 'd'].map(agent)
  const working = () => agents.filter(({ stands }) => stands.works)
  await expect.poll(() => working().length).toBe(1)
  await looked()
  expect(working()).toHaveLength(1)
  await working()[0]?.turn.close()
  await expect.poll(() => working().length).toBe(2)
})

it('one that cannot renew for 10 s lets go, and not before', async () => {
  const first = agent('first')
  await works(first)
  await looked()
  away = true
  now += 9000
  await looked()
  expect(first.stands).toMatchObject({ works: true, lost: null })
  now += 1000
  await expect.poll(() => first.stands.lost?.message).toContain('It ends; started again, it stands by.')
})

it('one that stands by begins when it has seen no renewal for 15 s of its own, and the other is told', async () => {
  lease.spec = { holderIdentity: 'gone', renewTime: '2039-01-01T00:00:00.000000Z', leaseDurationSeconds: 15 }
  const second = agent('second')
  await looked()
  now += 14_000
  await looked()
  expect(second.stands.works).toBe(false)
  lease = { ...lease, spec: { ...lease.spec, renewTime: '2039-01-01T00:00:02.000000Z' } }
  await looked()
  now += 14_000
  await looked()
  expect(second.stands.works).toBe(false)
  now += 1000
  await works(second)
  lease = { metadata: { resourceVersion: '9' }, spec: { ...lease.spec, holderIdentity: 'third' } }
  await expect.poll(() => second.stands.lost?.message).toContain('third has taken over')
})
