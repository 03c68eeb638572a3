import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { connectProject, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** All that people are shown of the project's git. */
async function shown(project: string): Promise<string> {
  const base = `/projects/${project}`
  const paths = [`${base}/gitops`, `${base}/gitops/passes`, `${base}/edits`, `${base}/workflows`, `${base}/overview`]
  return (await Promise.all(paths.map((path) => server.api.text(path)))).join('\n')
}

describe('a git host that says the token back', () => {
  it('is quoted without it, however it is written', async () => {
    const pair = Buffer.from(`test:${server.gitToken}`).toString('base64')
    const preReceive = `#!/bin/sh
while read -r old new ref; do
  if git log -1 --format=%s "$new" | grep -q '^Add'; then
    echo 'No ${server.gitToken}, and no ${pair}, by the rule of the house' >&2
    exit 1
  fi
done
`
    await connectProject(server, 'echo', { preReceive })
    await server.api.createWorkflow('echo', shopWorkflow('one'), 'Add one')
    await settles(() => shown('echo')).toContain('by the rule of the house')
    for (const secret of [server.gitToken, pair]) expect(await shown('echo')).not.toContain(secret)
  })
})
