import { expect, test } from 'vitest'
import { FakeTarget } from '../../engine/fixtures/fake-target.ts'
import type { CommandEnd } from '../../engine/index.ts'
import { AppError, systemClock } from '../../platform/index.ts'
import { cmdProbe } from './cmd-probe.ts'

async function check(comparator: object, end: CommandEnd | Error) {
  const parsed = cmdProbe.parse({ command: 'ask', comparator })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  const runCommand = async () => {
    if (end instanceof Error) throw end
    return end
  }
  const target = new FakeTarget({ clock: systemClock, replicas: 0, replaceAfterMs: null, runCommand })
  return parsed.check({ target, namespace: 'shop', timeoutMs: 1000, signal: new AbortController().signal })
}

const said = (output: string) => ({ code: 0, output, errors: '' })

test.each([
  [{ type: 'int', criteria: '<=', value: '5' }, said('5\n'), true, '"ask" said "5" (wanted <= 5)'],
  [{ type: 'float', criteria: '>', value: '0.5' }, said('0.4'), false, '"ask" said "0.4" (wanted > 0.5)'],
  [{ criteria: 'contains', value: 'up' }, said('is up'), true, '"ask" said "is up" (wanted contains "up")'],
  [{ criteria: 'matches', value: '^(a|b)+$' }, said('abba'), true, '"ask" said "abba" (wanted matches "^(a|b)+$")'],
  [
    { criteria: 'equal', value: 'x' },
    { code: 2, output: 'x', errors: 'no\n' },
    false,
    '"ask" ended with 2: "no\\n" (wanted equal "x")'
  ],
  [
    { criteria: 'equal', value: 'x' },
    new AppError({ code: 'local/command-late', kind: 'transient', message: 'it did not end within 1000 ms' }),
    false,
    '"ask": it did not end within 1000 ms (wanted equal "x")'
  ]
])('%o against %o: passed %s', async (comparator, end, passed, evidence) => {
  expect(await check(comparator, end)).toMatchObject({ passed, evidence })
})

test('a pattern that takes others an exponential time takes none', async () => {
  const began = performance.now()
  const seen = await check({ criteria: 'matches', value: '^(a+)+$' }, said(`${'a'.repeat(5000)}b`))
  expect(seen.passed).toBe(false)
  expect(performance.now() - began).toBeLessThan(2000)
})

test.each([
  [{ comparator: { criteria: 'equal', value: 'x' } }, /command is missing/],
  [{ command: 'ls' }, /comparator is missing/],
  [{ command: 'ls', comparator: { criteria: 'matches', value: 'a(' } }, /is no pattern/],
  [
    { command: 'ls', comparator: { criteria: 'equal', value: 'x' }, source: { image: 'alpine' } },
    /needs an engine on a cl/
  ]
])('%o is refused', (inputs, reason) => {
  const parsed = cmdProbe.parse(inputs)
  expect(parsed.ok === false && parsed.problems.map(({ message }) => message).join('; ')).toMatch(reason)
})

test('source: inline, as old files have it, means what is done here', () => {
  const comparator = { criteria: 'equal', value: 'x' }
  expect(cmdProbe.parse({ command: 'ls', comparator, source: 'inline' })).toMatchObject({ ok: true })
})
