import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'
import { Redactor, Secret } from './secret.ts'

it('a secret with characters that JSON and addresses escape reaches no log', () => {
  const value = 'q"uo\\te/s é%'
  const redactor = new Redactor()
  redactor.track(new Secret(value))
  const lines: string[] = []
  const log = createLogger({ level: 'debug', redactor, destination: { write: (line) => lines.push(line) } })
  const forms = [
    value,
    encodeURIComponent(value),
    encodeURIComponent(value).replace(/%../g, (sign) => sign.toLowerCase())
  ]
  const base64 = Buffer.from(value).toString('base64')
  log.info({ forms, base64, url: base64.replaceAll('+', '-').replaceAll('/', '_') }, 'said')
  const { forms: shown, base64: encoded, url } = JSON.parse(lines[0] ?? '{}')
  expect([...shown, encoded, url]).toEqual(Array(5).fill('[secret]'))
})
