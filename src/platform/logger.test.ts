import { expect, it } from 'vitest'
import { createLogger, type LoggerOptions } from './logger.ts'
import { Redactor, Secret } from './secret.ts'

function logged(options: Partial<LoggerOptions>, work: (log: ReturnType<typeof createLogger>) => void): string {
  let said = ''
  const redactor = new Redactor()
  redactor.track(new Secret('hunter2!'))
  const write = (line: string) => {
    said += line
  }
  work(createLogger({ level: 'info', redactor, destination: { write }, ...options }))
  return said
}

it('each line is JSON with its level as a word, and shows no secret', () => {
  const said = logged({}, (log) => log.warn({ url: 'https://x:hunter2!@host' }, 'a host does not answer'))
  expect(JSON.parse(said)).toMatchObject({
    level: 'warn',
    msg: 'a host does not answer',
    url: 'https://x:[secret]@host'
  })
})

it('at a terminal it is text, a stack below it, and nothing in it moves the cursor', () => {
  const said = logged({ readable: true }, (log) => {
    log.error(
      { err: new Error('broken \u001b[2J'), project: 'shop', key: 'hunter2!', note: 'two words\u001b[2J' },
      'it failed'
    )
  })
  expect(said).toMatch(/^\d\d:\d\d:\d\d error it failed {2}project=shop {2}key=\[secret\] {2}note="two words/)
  expect(said).toContain('\n         Error: broken')
  expect(said).not.toContain('\u001b')
})
