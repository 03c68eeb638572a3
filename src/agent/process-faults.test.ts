import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import { openFaultBench } from './fixtures/fault-bench.ts'

let bench: Awaited<ReturnType<typeof openFaultBench>>

beforeAll(async () => {
  bench = await openFaultBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.ready())

const ALL = { TOTAL_CHAOS_DURATION: '60', PODS_AFFECTED_PERC: '100' }
const answers = async (ms = 1500) => {
  const signal = AbortSignal.timeout(ms)
  return fetch(bench.url(), { headers: { connection: 'close' }, signal }).then(
    (answer) => answer.text(),
    () => null
  )
}

/** states of the processes of the pods' groups, from the process table itself */
function states(): string[] {
  const groups = bench.pods().map((pod) => pod.pid)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, state, , group] = /\) (\S) (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
        return groups.includes(Number(group)) && state !== undefined ? [state] : []
      } catch {
        return []
      }
    })
}

test('pod-pause stops the processes and lets them go on when it is stopped', async () => {
  const before = bench.pods().map(({ uid, pid }) => `${uid} ${pid}`)
  const harm = bench.begin('pod-pause', ALL)
  expect(await harm.inForce()).toMatch(/^the processes of cart-\S+ are stopped$/)
  await soon(() => expect(harm.evidence('effect-proved')).toHaveLength(2))
  expect(states().every((state) => state === 'T')).toBe(true)
  expect(await answers(500)).toBeNull()
  expect(await harm.stop()).toBeLessThan(4000)
  expect(harm.result()).toMatchObject({ recovery: 'clean' })
  expect(states().some((state) => state === 'T')).toBe(false)
  await bench.ready()
  expect(await answers()).toMatch(/^shop\/cart:v1/)
  expect(bench.pods().map(({ uid, pid }) => `${uid} ${pid}`)).toEqual(before)
  expect(await bench.journal()).toEqual([])
})

test('pod-pause of a pod that is deleted meanwhile is recovered, and says that the state is another', async () => {
  const harm = bench.begin('pod-pause', { TOTAL_CHAOS_DURATION: '60' })
  await harm.inForce()
  const [paused] = harm.facts.flatMap((fact) => (fact.type === 'targets' ? fact.targets : []))
  await bench.local.deletePod(paused?.uid ?? '', { graceSeconds: 0 })
  await harm.stop()
  expect(harm.evidence('recovered')).toHaveLength(1)
  expect(harm.result()).toMatchObject({
    recovery: 'drifted',
    evidence: expect.stringMatching(/differs from before: pod cart-\S+ is gone$/)
  })
})

test('container-kill ends the process, the pod starts it again: same pods, another process, one more restart', async () => {
  const before = bench.pods()
  const tunables = { ...ALL, TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2', TARGET_CONTAINER: 'cart' }
  const harm = bench.begin('container-kill', tunables)
  expect(await harm.ended).toBe('completed')
  expect(harm.evidence('effect-proved').sort()).toEqual(
    before
      .map((pod) => `container cart of pod ${pod.name} had ${pod.restarts} restarts and has ${pod.restarts + 1}`)
      .sort()
  )
  expect(harm.result()).toMatchObject({ verdict: 'pass', recovery: 'clean' })
  const after = bench.pods()
  expect(after.map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid))
  expect(after.map(({ pid }) => pid)).not.toEqual(before.map(({ pid }) => pid))
  expect(await answers()).toMatch(/^shop\/cart:v1/)
})

test('container-kill says so when the pod has no such container', async () => {
  const unknown = bench.begin('container-kill', { TARGET_CONTAINER: 'sidecar' })
  expect(await unknown.ended).toBe('error')
  expect(unknown.result()?.evidence).toMatch(/Pod cart-\S+ has no container sidecar; it has cart/)
  expect(unknown.result()).toMatchObject({ recovery: 'clean' })
})

/** processes of loads beside our pods */
function workers(): { pid: string; rss: number }[] {
  const uids = bench.pods().map(({ uid }) => `FAULTLINE_POD_UID=${uid}`)
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const ours = uids.some((entry) => readFileSync(`/proc/${pid}/environ`, 'latin1').includes(entry))
      if (!ours || !readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('load/worker.ts')) return []
      const [, rss] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
      return [{ pid, rss: Number(rss) * 1024 }]
    } catch {
      return []
    }
  })
}

test('pod-cpu-hog loads as asked, says what was asked and achieved, and ends when it is stopped', async () => {
  const harm = bench.begin('pod-cpu-hog', { TOTAL_CHAOS_DURATION: '60', CPU_LOAD: '30', FORCE: 'true' })
  expect(await harm.inForce()).toMatch(/^0\.30 cores asked, 0\.\d\d cores achieved on cart-/)
  expect(workers()).toHaveLength(1)
  expect(await harm.stop()).toBeLessThan(4000)
  expect(harm.evidence('recovering')[0]).toMatch(/: 0\.30 cores asked, \d\.\d\d cores achieved in the end$/)
  expect(harm.result()).toMatchObject({ recovery: 'clean' })
  expect(workers()).toEqual([])
})

test('pod-memory-hog holds as much as asked, and ends with its duration', async () => {
  const harm = bench.begin('pod-memory-hog', { TOTAL_CHAOS_DURATION: '2', MEMORY_CONSUMPTION: '120' })
  const evidence = await harm.inForce()
  expect(evidence).toMatch(/^120 MB asked, 1\d\d MB achieved on cart-/)
  expect(workers()[0]?.rss).toBeGreaterThan(120 * 1024 * 1024)
  expect(await harm.ended).toBe('completed')
  expect(harm.evidence('recovered')).toEqual([expect.stringMatching(/^the load on cart-\S+ has ended$/)])
  expect(workers()).toEqual([])
})

/** files of loads in the folders of our pods, with their sizes */
function fills(): number[] {
  return bench.pods().flatMap(({ namespace, name }) => {
    const home = join(bench.folder, 'local', 'pods', namespace, name)
    const files = readdirSync(home).filter((file) => file.startsWith('.fill-'))
    return files.map((file) => statSync(join(home, file)).size)
  })
}

test('disk-fill fills the share of the limit that is asked for, what is there included, and takes it away again', async () => {
  const [pod] = bench.pods()
  const written = join(bench.folder, 'local', 'pods', 'shop', pod?.name ?? '', 'written')
  writeFileSync(written, Buffer.alloc(2 * 1024 * 1024))
  const harm = bench.begin('disk-fill', { ...ALL, FILL_PERCENTAGE: '75' })
  await harm.inForce()
  await soon(() => expect(harm.evidence('effect-proved')).toHaveLength(2))
  expect(harm.evidence('effect-proved').toSorted()).toEqual([
    expect.stringMatching(/^4\.0 MiB asked, 4\.0 MiB achieved on cart-/),
    expect.stringMatching(/^6\.0 MiB asked, 6\.0 MiB achieved on cart-/)
  ])
  expect(fills().toSorted()).toEqual([4 * 1024 * 1024, 6 * 1024 * 1024])
  expect(await harm.stop()).toBeLessThan(4000)
  expect(harm.result()).toMatchObject({ recovery: 'clean' })
  expect(fills()).toEqual([])
  rmSync(written)
})

test('a load ends with the process of its pod', async () => {
  const harm = bench.begin('pod-cpu-hog', { TOTAL_CHAOS_DURATION: '60', CPU_LOAD: '10', FORCE: 'true' })
  await harm.inForce()
  const [hit] = harm.facts.flatMap((fact) => (fact.type === 'targets' ? fact.targets : []))
  bench.local.killContainer(hit?.uid ?? '', { container: null, signal: 'SIGKILL' })
  await soon(() => expect(workers()).toEqual([]))
  await harm.stop()
  expect(harm.result()).toMatchObject({
    recovery: 'drifted',
    evidence: expect.stringMatching(/pod cart-\S+ was restarted \(1\)/)
  })
})
