import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readableCopy } from './fixtures/readable-copy.ts'

/**
 * Nothing of a workload outlives the agent. Each container has a child in its group and a daemon that has left group, session
 * and parent; all of them sleep for the same odd number of seconds, by which they are found.
 */
const PLAIN_UID = 65_534
const isRoot = process.getuid?.() === 0
let copy: { node: string; root: string }
let scratch: string
let seconds: number
let uid: number | undefined
const running: ChildProcess[] = []

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'faultline-left-'))
  chmodSync(scratch, 0o755)
  copy = readableCopy(scratch)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

beforeEach(() => {
  seconds = 100_000 + randomInt(900_000)
})
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await nothingLeft()
})

/** An agent's runtime as root or as a plain user, each with or without namespaces. */
async function start(isolation: 'auto' | 'warden', folder: string, pods = true): Promise<ChildProcess> {
  const sleep = `sleep ${seconds}`
  const daemon = `setsid sh -c "setsid ${sleep} & exit 0" &`
  const command = ['sh', '-c', `${daemon} ${sleep} & exec ${sleep}`]
  const file = join(copy.root, 'src/local/fixtures/runtime-process.ts')
  const child = spawn(copy.node, [file, folder, isolation, JSON.stringify(pods ? command : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: copy.root,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    ...(uid !== undefined && { uid, gid: uid })
  })
  running.push(child)
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  return child
}

function newFolder(): string {
  const folder = mkdtempSync(join(scratch, 'agent-'))
  if (uid !== undefined) chownSync(folder, uid, uid)
  return folder
}

/** pids whose arguments say what the asked-for text says */
function find(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text)
      } catch {
        return false
      }
    })
}

const sleepers = () => find(`sleep ${seconds}`)
const allUp = () =>
  expect.poll(() => find(`sleep ${seconds}`).filter((pid) => isOnlySleep(pid)).length, { timeout: 8000 }).toBe(12)
const nothingLeft = () => expect.poll(sleepers, { timeout: 5000, interval: 50 }).toEqual([])
const wardens = () => find(join(copy.root, 'src/local/warden.ts'))

function isOnlySleep(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep')
  } catch {
    return false
  }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const users: [string, number | undefined, 'auto' | 'warden'][] = [
  ['whoever runs the tests, with namespaces where they are allowed', undefined, 'auto'],
  ['whoever runs the tests, with namespaces refused', undefined, 'warden'],
  ...(isRoot
    ? ([
        ['a plain user, with namespaces where they are allowed', PLAIN_UID, 'auto'],
        ['a plain user, with namespaces refused', PLAIN_UID, 'warden']
      ] as [string, number, 'auto' | 'warden'][])
    : [])
]

describe.skipIf(process.platform !== 'linux').each(users)('as %s', (_who, as, isolation) => {
  beforeEach(() => {
    uid = as
  })

  test('an agent that is killed leaves nothing within 5 s, no daemon and no warden', async () => {
    const agent = await start(isolation, newFolder())
    await allUp()
    await kill(agent, 'SIGKILL')
    await nothingLeft()
    await expect.poll(wardens, { timeout: 5000 }).toEqual([])
  })

  test('also when its warden was killed before: another has taken its place', async () => {
    const agent = await start(isolation, newFolder())
    await allUp()
    const [first] = wardens()
    process.kill(first ?? 0, 'SIGKILL')
    await expect.poll(() => wardens().filter((pid) => pid !== first).length, { timeout: 5000 }).toBe(1)
    await kill(agent, 'SIGKILL')
    await nothingLeft()
  })

  test('when both are killed at once, the next start ends the rest', async () => {
    const folder = newFolder()
    const agent = await start(isolation, folder)
    await allUp()
    for (const pid of wardens()) process.kill(pid, 'SIGSTOP')
    const stopped = wardens()
    await kill(agent, 'SIGKILL')
    for (const pid of stopped) process.kill(pid, 'SIGKILL')
    const left = new Set(sleepers())
    if (isolation === 'warden') expect(left.size).toBe(12)
    const next = await start(isolation, folder, false)
    expect(sleepers().filter((pid) => left.has(pid))).toEqual([])
    await allUp()
    await kill(next, 'SIGTERM')
    await nothingLeft()
  })

  test('an agent that is asked to end has ended all before it goes', async () => {
    const agent = await start(isolation, newFolder())
    await allUp()
    await kill(agent, 'SIGTERM')
    expect(sleepers()).toEqual([])
  })
})

test.skipIf(process.platform !== 'linux')(
  'a deleted pod takes its daemons with it, without namespaces too',
  async () => {
    const { openBench } = await import('./fixtures/bench.ts')
    const { cart } = await import('./fixtures/workloads.ts')
    const bench = await openBench('warden')
    try {
      const command = ['sh', '-c', `setsid sleep ${seconds} & exec sleep 1000`]
      await bench.client.apply([cart({ command })])
      await expect.poll(() => sleepers().length, { timeout: 5000 }).toBe(1)
      const [daemon] = sleepers()
      await bench.client.apply([cart({ command, replicas: 0 })])
      await expect.poll(sleepers, { timeout: 5000 }).toEqual([])
      expect(daemon).toBeGreaterThan(1)
      await expect.poll(() => readdirSync(join(bench.folder, 'pods/shop')), { timeout: 5000 }).toEqual([])
    } finally {
      await bench.close()
    }
  }
)
