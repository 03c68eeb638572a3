import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Load } from '../../engine/index.ts'
import { DiskFills } from './disk-fills.ts'

const MB = 2 ** 20
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-fill-'))
})
afterEach(() => rm(folder, { recursive: true }))

const disk = (percentage: number, bytes: number | null = null) => ({ kind: 'disk', percentage, bytes }) satisfies Load
const settled = { timeout: 5000, interval: 10 }

async function sizes(): Promise<number[]> {
  const names = await readdir(folder)
  return (await Promise.all(names.map((name) => stat(join(folder, name))))).map(({ size }) => size)
}

test('a share of the limit is filled, what is there included, and the file is gone afterwards', async () => {
  await writeFile(join(folder, 'data'), Buffer.alloc(MB))
  const fills = new DiskFills()
  await fills.add({ id: 'one', podUid: 'pod', load: disk(80) }, { folder, limitBytes: 10 * MB })
  await expect
    .poll(() => fills.reports(), settled)
    .toEqual([{ injection: 'one', podUid: 'pod', asked: 7 * MB, allowed: 7 * MB, achieved: 7 * MB }])
  expect((await sizes()).sort((a, b) => a - b)).toEqual([MB, 7 * MB])
  await fills.remove('one')
  await fills.remove('one')
  expect(await sizes()).toEqual([MB])
  expect(await fills.reports()).toEqual([])
})

test('a folder that holds more than the share already gets nothing more', async () => {
  await writeFile(join(folder, 'data'), Buffer.alloc(MB))
  const fills = new DiskFills()
  await fills.add({ id: 'one', podUid: 'pod', load: disk(50) }, { folder, limitBytes: MB })
  expect(await fills.reports()).toMatchObject([{ asked: 0, allowed: 0, achieved: 0 }])
  await fills.close()
})

test('without a limit as many bytes as asked; without those either it is refused, and says what to do', async () => {
  const fills = new DiskFills()
  await fills.add({ id: 'one', podUid: 'pod', load: disk(80, 3 * MB) }, { folder, limitBytes: null })
  await expect.poll(sizes, settled).toEqual([3 * MB])
  await fills.close()
  const nothing = fills.add({ id: 'two', podUid: 'pod', load: disk(80) }, { folder, limitBytes: null })
  await expect(nothing).rejects.toMatchObject({
    code: 'local/no-limit',
    message: expect.stringMatching(/ephemeral-storage limit.*Set/)
  })
})

test('what must stay free stays free, also when it gets less while the file grows', async () => {
  let room = 5 * MB
  const fills = new DiskFills(async () => room)
  await fills.add({ id: 'one', podUid: 'pod', load: disk(100) }, { folder, limitBytes: 8 * MB })
  room = 0
  expect(await fills.reports()).toMatchObject([{ asked: 8 * MB, allowed: 5 * MB }])
  await fills.remove('one')
  const full = fills.add({ id: 'two', podUid: 'pod', load: disk(100) }, { folder, limitBytes: 8 * MB })
  await expect(full).rejects.toMatchObject({
    code: 'local/no-room',
    message: expect.stringMatching(/2 GiB and a tenth/)
  })
})

test('it goes with the process of its pod, and one that the pod removes is not said to be there', async () => {
  const fills = new DiskFills()
  await fills.add({ id: 'one', podUid: 'pod', load: disk(0, MB) }, { folder, limitBytes: null })
  await expect.poll(sizes, settled).toEqual([MB])
  for (const name of await readdir(folder)) await rm(join(folder, name))
  expect(await fills.reports()).toMatchObject([{ achieved: 0 }])
  fills.podEnded('pod')
  await expect.poll(() => fills.reports(), settled).toEqual([])
})
