import { randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, openBench } from './fixtures/bench.ts'
import { cart, cartService } from './fixtures/workloads.ts'

const never = new AbortController().signal

describe.each(['auto', 'warden'] as const)('a command of a probe, isolation %s', (isolation) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench(isolation)
    await bench.client.apply([cart({ command: ['sleep', '600'] }), cartService()])
  })
  afterAll(() => bench.close())

  const run = (command: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    bench.local.runCommand({ command, namespace: 'shop', timeoutMs: 5000, signal: never, ...more })
  /** what was begun for commands and is still there */
  const left = async () => (await readdir(join(bench.folder, 'pods'))).filter((name) => name.startsWith('command-'))

  it('ends with a code, and says what it has to say', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toEqual({ code: 3, output: 'out\n', errors: 'err\n' })
    expect(await left()).toEqual([])
  })

  it('knows the path and the Services, and nothing of our surroundings', async () => {
    process.env.A_SECRET_OF_OURS = 'tell nobody'
    const { output } = await run(
      'env | cut -d= -f1 | sort | tr "\\n" " "; echo; test "$PWD" = "$HOME" && ls -A | wc -l'
    )
    delete process.env.A_SECRET_OF_OURS
    const [names = '', files = ''] = output.split('\n')
    expect(names.trim().split(' ')).toEqual(
      expect.arrayContaining(['CART_SERVICE_HOST', 'CART_SERVICE_PORT', 'HOME', 'PATH', 'POD_NAMESPACE'])
    )
    expect(names).not.toContain('SECRET')
    expect(files.trim()).toBe('0')
  })

  it('is ended with all that it started: at its deadline, when it is stopped, when it says too much', async () => {
    // the machine may run this very test twice: its processes are known by a number of their own
    const sleep = `sleep ${100_000 + randomInt(900_000)}`
    const child = `(setsid ${sleep} &) ; ${sleep} & ${sleep}`
    await expect(run(child, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'local/command-late' })
    const stop = new AbortController()
    const stopped = run(child, { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('enough')), 200)
    await expect(stopped).rejects.toThrow('enough')
    await expect(run('yes')).rejects.toMatchObject({ code: 'local/command-loud' })
    // the first process of a pid namespace cannot be ended from within
    if (isolation === 'warden') await expect(run('kill -9 $$')).rejects.toMatchObject({ code: 'local/command-killed' })
    const { output } = await run(
      `for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; echo; done 2>/dev/null | grep -c "^${sleep}" || true`
    )
    expect(output.trim()).toBe('0')
    expect(await left()).toEqual([])
  })

  it('that leaves a process in the background does not keep the probe waiting, and the process ends', async () => {
    const began = performance.now()
    expect(await run('sleep 322 & echo done')).toMatchObject({ code: 0, output: 'done\n' })
    expect(performance.now() - began).toBeLessThan(3000)
  })
})
