import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../harness/free-port.ts'

/**
 * Whoever of the demo's processes is killed, nothing of it is left: no workload, no agent, no server, no database.
 * The processes of one demo are found by its temporary folder, which each of them has in its arguments or environment.
 */
let demo: ChildProcess | undefined
let scratch: string

afterEach(async () => {
  if (demo?.exitCode === null && demo.signalCode === null) {
    demo.kill('SIGINT')
    await once(demo, 'exit')
  }
  await rm(scratch, { recursive: true, force: true })
})

async function startDemo(folder?: string): Promise<void> {
  scratch = folder ?? (await mkdtemp(join(tmpdir(), 'faultline-e2e-')))
  const args = ['src/main/cli.ts', 'demo', '--port', String(await freePort())]
  demo = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let output = ''
  // read to the end: a demo whose output nobody takes any more would end by that
  demo.stdout?.on('data', (chunk) => (output += chunk))
  await expect.poll(() => output, { timeout: 60_000 }).toContain('Ctrl-C ends everything')
}

/** Processes whose arguments or environment name the scratch folder, by pid. */
async function ofThisDemo(): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
    const args = (await read('cmdline')).replaceAll('\0', ' ')
    if (args !== '' && (args.includes(scratch) || (await read('environ')).includes(scratch))) found.set(pid, args)
  }
  return found
}

async function nothingLeft(): Promise<void> {
  await expect.poll(async () => [...(await ofThisDemo()).values()], { timeout: 15_000, interval: 250 }).toEqual([])
}

async function pidOf(part: string): Promise<number> {
  for (const [pid, args] of await ofThisDemo()) if (args.includes(part)) return pid
  throw new Error(`no process of the demo has ${part} in its arguments`)
}

describe.skipIf(process.platform !== 'linux')('nothing outlives the demo', () => {
  it('when it is ended by Ctrl-C', { timeout: 90_000 }, async () => {
    await startDemo()
    expect((await ofThisDemo()).size).toBeGreaterThan(8)
    demo?.kill('SIGINT')
    await once(demo as ChildProcess, 'exit')
    await nothingLeft()
    expect(await readdir(scratch)).toEqual([])
  })

  it('when TERM comes twice, as npm hands on what its group got', { timeout: 90_000 }, async () => {
    await startDemo()
    let output = ''
    demo?.stdout?.on('data', (chunk) => (output += chunk))
    demo?.kill('SIGTERM')
    await expect.poll(() => output, { timeout: 10_000, interval: 5 }).toContain('Ending:')
    demo?.kill('SIGTERM')
    await once(demo as ChildProcess, 'exit')
    await nothingLeft()
    expect(await readdir(scratch)).toEqual([])
  })

  const killed: [string, () => Promise<number>][] = [
    ['the demo itself', async () => demo?.pid ?? 0],
    ['the server', () => pidOf('cli.ts serve')],
    ['the agent', () => pidOf('cli.ts agent')],
    ['the database', () => pidOf('bin/postgres -D')]
  ]
  it.each(killed)('when %s is killed', { timeout: 90_000 }, async (_what, pid) => {
    await startDemo()
    process.kill(await pid(), 'SIGKILL')
    await nothingLeft()
    // its folder goes with the next demo, as nobody was left to remove it
    await startDemo(scratch)
    const left = await readdir(scratch)
    expect(left).toHaveLength(1)
    expect(left[0]).toContain(`faultline-demo-${demo?.pid}-`)
  })
})
