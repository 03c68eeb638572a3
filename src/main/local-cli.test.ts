import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Bench, openBench } from '../local/fixtures/bench.ts'
import { db, logDaemon } from '../local/fixtures/workloads.ts'

let bench: Bench
const CLI = join(import.meta.dirname, 'cli.ts')

beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const env = () => ({ PATH: process.env.PATH ?? '', FAULTLINE_AGENT_FOLDER: bench.folder })

/** `faultline local …` as a person types it */
async function local(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return promisify(execFile)(process.execPath, [CLI, 'local', ...args], { env: env() }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout.trim(), err: stderr.trim() }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout.trim(),
      err: error.stderr.trim()
    })
  )
}

const N = ['-n', 'shop']

test('a StatefulSet from its first apply to its deletion', async () => {
  const file = join(bench.folder, 'db.yaml')
  await writeFile(file, [db({ replicas: 1 }), logDaemon()].map((object) => stringify(object)).join('---\n'))
  expect((await local('apply', '-f', file)).out).toBe('statefulset/db created\ndaemonset/log created')
  const status = await local('rollout', 'status', 'sts/db', ...N)
  expect(status.out).toMatch(/^statefulset\/db: 1 of 1 pods ready, 1 updated, healthy$/m)
  expect((await local('scale', 'statefulset/db', '--replicas', '2', ...N)).out).toBe('statefulset/db scaled to 2')
  expect((await local('rollout', 'status', 'statefulset/db', ...N)).code).toBe(0)
  const { pods } = JSON.parse((await local('get', 'pods', ...N, '-o', 'json')).out) as { pods: { name: string }[] }
  expect(pods.map(({ name }) => name)).toEqual(expect.arrayContaining(['db-0', 'db-1']))
  expect((await local('get', ...N)).out).toMatch(/shop +statefulset\/db +2\/2 +healthy +db=db:v1/)

  bench.local.killContainer(bench.local.objects({ kind: 'pod', name: 'db-0' }).pods[0]?.uid ?? '', {
    container: null,
    signal: 'SIGKILL'
  })
  await expect
    .poll(async () => (await local('logs', 'db-0', '--tail', '1', ...N)).out, { timeout: 10_000 })
    .toBe('ended with SIGKILL')
  const restarted = await local('rollout', 'restart', 'daemonset/log', ...N, '-o', 'json')
  expect(JSON.parse(restarted.out)).toEqual({ object: 'daemonset/log', action: 'restarted' })
  const logs = JSON.parse((await local('logs', 'db-0', '--tail', '1', ...N, '-o', 'json')).out)
  expect(logs).toEqual({ pod: 'db-0', lines: ['ended with SIGKILL'] })
  expect((await local('delete', 'ds/log', ...N)).out).toBe('ds/log deleted')
  const deleted = await local('delete', 'statefulset/db', '--with-data', ...N, '-o', 'json')
  expect(JSON.parse(deleted.out)).toEqual([{ object: 'statefulset/db', action: 'deleted' }])
  expect((await local('get', '-A')).out).toBe('Nothing found.')
}, 30_000)

test('logs -f of a workload follows one of its pods until Ctrl-C', async () => {
  await bench.client.apply([logDaemon()])
  await expect.poll(() => bench.local.objects().workloads[0]?.rollout).toBe('healthy')
  const child = spawn(process.execPath, [CLI, 'local', 'logs', '-f', 'ds/log', ...N], { env: env() })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const kill = () => {
    const [pod] = bench.local.objects({ kind: 'pod' }).pods
    if (pod?.pid != null) bench.local.killContainer(pod.uid, { container: 'log', signal: 'SIGKILL' })
    return text
  }
  await expect.poll(kill, { timeout: 10_000, interval: 200 }).toContain('ended with SIGKILL')
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.each([
  [['scale', 'statefulset/x', '--replicas', '1'], 3, 'There is no statefulset/x in namespace default. Known are: '],
  [['scale', 'ds/log', '--replicas', '2', ...N], 2, 'daemonset/log cannot be scaled'],
  [['scale', 'x', '--replicas', '1'], 2, '"x" is not of the form kind/name'],
  [['scale', 'deploy/x', '--replicas', '-1'], 2, 'It must be a whole number'],
  [['get', 'cronjobs'], 2, 'cronjobs is no kind that a local infrastructure has'],
  [['delete', 'cronjob/x'], 2, 'cronjob is no kind that a local infrastructure has'],
  [['delete', 'svc/x'], 3, 'There is no service/x in namespace default'],
  [['logs', 'nobody'], 3, 'There is no pod nobody in namespace default'],
  [['logs', '-f', 'nobody', '-o', 'json'], 2, '--follow has no end'],
  [['logs', 'sts/nobody'], 3, 'There is no sts/nobody in namespace default. See: faultline local get -A']
])('%j ends with %i and says what is wrong', async (args, code, sentence) => {
  const ended = await local(...args)
  expect(ended.code).toBe(code)
  if (args.includes('json')) expect(JSON.parse(ended.out)).toMatchObject({ exitCode: code, error: {} })
  else expect(ended.out).toBe('')
  expect(ended.err).toContain(sentence)
})
