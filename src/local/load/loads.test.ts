import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { Load } from '../../engine/index.ts'
import { newId, silentLogger } from '../../platform/index.ts'
import { WardenLink } from '../warden-link.ts'
import { Loads } from './loads.ts'

const MB = 1024 * 1024
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** on a machine of 3 cores and 400 MB */
function loadsOf() {
  const mark = newId()
  const warden = new WardenLink(mark, silentLogger())
  warden.start()
  const loads = new Loads({ mark, warden, cores: () => 3, freeBytes: () => 400 * MB })
  closing.push(async () => {
    await loads.close()
    await warden.close()
  })
  const add = (id: string, load: Load) => loads.add({ id, podUid: 'pod-1', load }, { folder: '', limitBytes: null })
  const report = async (id: string) => (await loads.reports()).find(({ injection }) => injection === id)
  return { loads, add, report, warden }
}

const cpu = (cores: number, forced = false): Load => ({ kind: 'cpu', cores, percentage: 1, forced })
const memory = (megabytes: number, forced = false): Load => ({ kind: 'memory', bytes: megabytes * MB, forced })

test('all loads together leave one core to others, unless forced', async () => {
  const { loads, add, report } = loadsOf()
  await add('one', cpu(8))
  expect(await report('one')).toMatchObject({ asked: 0.08, allowed: 0.02 })
  await expect(add('two', cpu(1))).rejects.toThrow(/of 3 cores 2 are loaded already, and 1 is left to others/)
  await add('three', cpu(2, true))
  expect(await report('three')).toMatchObject({ asked: 0.02, allowed: 0.02 })
  await loads.remove('one')
  await loads.remove('three')
  await add('four', cpu(0))
  expect(await report('four')).toMatchObject({ asked: 0.02, allowed: 0.02 })
})

test('all loads together take a quarter of the free memory, and what is taken is resident', async () => {
  const { add, report } = loadsOf()
  await add('one', memory(500))
  expect(await report('one')).toMatchObject({ asked: 500 * MB, allowed: 100 * MB })
  await expect.poll(async () => (await report('one'))?.achieved ?? 0, { timeout: 10_000 }).toBeGreaterThan(95 * MB)
  expect((await report('one'))?.achieved).toBeLessThan(115 * MB)
  // 400 MB are still said to be free: 500 in all, 125 for loads, 25 are left
  await add('two', memory(500))
  expect(await report('two')).toMatchObject({ allowed: 25 * MB })
})

test('a load is over when its processes have ended; removing one that is not there is fine', async () => {
  const { loads, add } = loadsOf()
  await add('one', cpu(2))
  await loads.remove('one')
  expect(await loads.reports()).toEqual([])
  await loads.remove('one')
  await add('two', cpu(1))
  loads.podEnded('another')
  expect(await loads.reports()).toHaveLength(1)
  loads.podEnded('pod-1')
  await expect.poll(() => loads.reports(), { timeout: 5000 }).toEqual([])
})

test.each([
  ['cpu', '0.3'],
  ['memory', String(20 * MB)]
])('a %s worker ends when the pipe of its agent does', async (kind, amount) => {
  const worker = spawn(process.execPath, [`${import.meta.dirname}/worker.ts`, kind, amount], {
    stdio: ['pipe', 'pipe', 'ignore']
  })
  closing.push(async () => void worker.kill('SIGKILL'))
  await once(worker.stdout, 'data')
  const ended = once(worker, 'exit')
  worker.stdin.end()
  expect(await ended).toEqual([0, null])
})

test('a share of a core is kept to, as the process table counts it', async () => {
  const { add, report } = loadsOf()
  const before = cpuOfChildren()
  await add('one', { kind: 'cpu', cores: 1, percentage: 40, forced: false })
  await expect.poll(async () => (await report('one'))?.achieved ?? 0, { timeout: 10_000 }).toBeGreaterThan(0.1)
  const began = performance.now()
  const first = cpuOfChildren()
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const used = (cpuOfChildren() - first) / ((performance.now() - began) / 1000)
  expect(first).toBeGreaterThan(before)
  expect(used).toBeGreaterThan(0.15)
  expect(used).toBeLessThan(0.5)
})

/** seconds of CPU that our living children have used */
function cpuOfChildren(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return children.filter(Boolean).reduce((sum, pid) => sum + cpuOf(pid), 0)
}

function cpuOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
