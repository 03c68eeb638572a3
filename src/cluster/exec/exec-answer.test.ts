import { expect, test } from 'vitest'
import { ExecAnswer } from './exec-answer.ts'

const [OUTPUT, ERRORS, STATUS] = [1, 2, 3]
const message = (channel: number, text: string | object) =>
  Buffer.concat([Buffer.of(channel), Buffer.from(typeof text === 'string' ? text : JSON.stringify(text))])

function ended(...messages: Buffer[]) {
  const answer = new ExecAnswer()
  for (const one of messages) answer.take(one)
  return () => answer.end()
}

test('what was said on each channel, in its pieces, and the code that it ended with', () => {
  const said = [message(OUTPUT, 'a'), message(ERRORS, 'x'), message(OUTPUT, 'b'), message(9, 'of no channel')]
  expect(ended(...said, message(STATUS, { status: 'Success' }))()).toEqual({ code: 0, output: 'ab', errors: 'x' })
  const causes = [{ reason: 'ExitCode', message: '137' }]
  const failure = { status: 'Failure', reason: 'NonZeroExitCode', details: { causes } }
  expect(ended(message(STATUS, failure))()).toEqual({ code: 137, output: '', errors: '' })
})

test('a letter that comes in two pieces stays one', () => {
  const [first, second] = [Buffer.of(OUTPUT, 0xc3), Buffer.of(OUTPUT, 0xa9)]
  expect(ended(first, second, message(STATUS, { status: 'Success' }))()).toMatchObject({ output: 'é' })
})

test('without a word about its end it has none', () => {
  expect(ended(message(OUTPUT, 'a'), Buffer.of())()).toBe(null)
})

test.each([
  [
    { status: 'Failure', reason: 'InternalError', message: 'exec: "sh": executable file not found' },
    /"sh": executable/
  ],
  [{ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ message: '1' }] } }, /did not say why/],
  ['no JSON', /no JSON/],
  ['[]', /\[\]/],
  ['null', /null/]
])('%o is no end of a command', (status, reason) => {
  expect(ended(message(STATUS, status))).toThrow(reason)
})

test('no more is kept than the cap', () => {
  const answer = new ExecAnswer()
  answer.take(message(OUTPUT, 'x'.repeat(60_000)))
  expect(() => answer.take(message(ERRORS, 'x'.repeat(10_000)))).toThrow(/more than 65536 bytes/)
})
