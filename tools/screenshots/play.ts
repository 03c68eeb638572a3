import { join } from 'node:path'
import type { CreatedHook, Workflow } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { faultline } from '../../src/demo/processes.ts'
import { Clone } from '../../src/demo/repository.ts'
import { SHOP_NAMESPACE, SHOP_WORKFLOW } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { PROJECT, type Stage } from '../../src/demo/stage.ts'
import { isFinal } from '../../src/domain/index.ts'

/** A project that is just begun: GitOps is off. */
export const NEW_PROJECT = 'payments'
export const CONFLICTED = 'catalog-capacity'

const folder = `litmus/${PROJECT}`

/** Runs before and after a release, a file that is not valid, a conflict, and deletions that wait for a person. */
export async function playForPictures(stage: Stage, say: (text: string) => void): Promise<void> {
  await stage.api.post('/projects', { id: NEW_PROJECT, name: 'Payments' })
  const clone = await Clone.make(stage.cloneUrl, join(stage.folder, 'pictures'), stage.env)
  await callHook(stage)
  await manualRun(stage)
  say('v1 was run')
  await conflict(stage, clone)
  say('a conflict is there')
  await clone.push(`${folder}/payment-latency.yaml`, BROKEN, 'Start on the latency of payments')
  await inList(stage, 'payment-latency.yaml', 'invalid-in-git')
  say('an invalid file is there')
  await release(stage, 'v2')
  say('v2 was run')
  await withhold(stage, clone)
  say('deletions are withheld')
}

const BROKEN = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: payment-latency
spec:
  entrypoint: chaos
  templates:
    - name: chaos
      steps:
        - - name: latency
            template: payment-latncy
`

async function manualRun(stage: Stage): Promise<void> {
  const { id } = await stage.api.startRun(PROJECT, SHOP_WORKFLOW)
  const run = await until('the run', 20, async () => (await stage.api.runRequest(PROJECT, id)).run ?? undefined)
  await ended(stage, run)
}

/** A hook that was called twice: for an application that it does not want, and with a wrong secret. */
async function callHook({ api, url }: Stage): Promise<void> {
  const wish = { name: 'releases', kind: 'argo-cd', workflow: SHOP_WORKFLOW, only: { app: 'storefront*' } }
  const { hook, secret } = await api.post<CreatedHook>(`/projects/${PROJECT}/hooks`, wish)
  for (const token of [secret, 'wrong']) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify({ app: 'catalog', revision: '4f1c2a9', health: 'Healthy' })
    await fetch(new URL(new URL(hook.url).pathname, url), { method: 'POST', headers, body })
  }
}

async function release(stage: Stage, version: string): Promise<void> {
  const image = `storefront=shop/storefront:${version}`
  const words = ['local', 'set', 'image', 'deployment/storefront', image, '--namespace', SHOP_NAMESPACE]
  await faultline(words, stage.agentEnv)
  const run = await until('the run of the release', 30, async () => {
    const { items } = await stage.api.runs(PROJECT)
    return items.find(({ cause }) => cause.kind === 'workload-change')?.id
  })
  await ended(stage, run)
}

async function ended(stage: Stage, run: string): Promise<void> {
  await until('the end of the run', 60, async () => isFinal((await stage.api.run(PROJECT, run)).phase))
}

/** A push, and before the server has looked, an edit in the portal of the same line. */
async function conflict(stage: Stage, clone: Clone): Promise<void> {
  const path = `${folder}/${CONFLICTED}.yaml`
  const text = shopWorkflow(CONFLICTED)
  await clone.push(path, text, 'Add a test of the capacity')
  await inList(stage, CONFLICTED, 'in-git')
  for (let latency = 3100; ; latency += 100) {
    const before = await stage.api.workflow(PROJECT, CONFLICTED)
    await clone.push(path, before.text.replace(/value: "3\d00"/, `value: "${latency}"`), 'Make the latency longer')
    const ours = before.text.replace(/value: "3\d00"/, 'value: "2500"')
    const saved = await stage.api
      .saveWorkflow(PROJECT, CONFLICTED, { text: ours, etag: before.etag, message: 'Half the latency', wait: false })
      .catch(() => null)
    if (saved === null) continue
    await inList(stage, CONFLICTED, 'conflict')
    return
  }
}

/** More deletions at once than a push may do unseen. */
async function withhold(stage: Stage, clone: Clone): Promise<void> {
  const names = ['cart', 'checkout', 'search', 'stock'].map((name) => `legacy-${name}`)
  for (const name of names) await clone.write(`${folder}/legacy/${name}.yaml`, shopWorkflow(name))
  await clone.push(`${folder}/legacy/README`, 'Of the old shop\n', 'Bring the tests of the old shop')
  for (const name of names) await inList(stage, name, 'in-git')
  await clone.git('rm', '-r', '--quiet', `${folder}/legacy`)
  await clone.git('commit', '--quiet', '--message', 'Drop the old shop')
  await clone.git('push', '--quiet', 'origin', 'HEAD:main')
  await inList(stage, names[0] ?? '', 'withheld')
}

async function inList(stage: Stage, name: string, sync: Workflow['sync']): Promise<void> {
  await until(`${name} ${sync}`, 20, async () => {
    const { items } = await stage.api.workflows(PROJECT)
    return items.some((row) => row.name === name && row.sync === sync)
  })
}
