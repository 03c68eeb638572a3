import { expect, it } from 'vitest'
import { readDepends } from './depends.ts'
import { catalogue } from './fixtures/catalogue.ts'
import { parseDefinition } from './index.ts'
import { readCron } from './schedule/cron.ts'

/** What every object of JavaScript has without having been given it is no word of a file. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

it.each(INHERITED)('%s is no cron, no state of a task, and no policy of retries', (name) => {
  expect(readCron(name)).toMatchObject({ ok: false, reason: expect.stringContaining('field') })
  expect(readDepends(`a.${name}`, () => ['a'])).toMatchObject({ ok: false })
  const text = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: w }
spec:
  entrypoint: wait
  templates:
    - name: wait
      retryStrategy: { limit: 1, retryPolicy: ${name} }
      suspend: { duration: 1s }
`
  expect(JSON.stringify(parseDefinition(text, { catalogue }).problems)).toContain(`retryPolicy ${name}`)
})
