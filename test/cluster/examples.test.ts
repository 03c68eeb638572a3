import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { AGENT_RULES, ClusterStage, PROJECT } from './cluster-agent.ts'
import { OwnNodes } from './own-nodes.ts'
import { CORE, rolledOut, service } from './workloads.ts'

/** Each example of examples/kubernetes, in the shape of Litmus' ChaosHub, is run to its end as a user would. */
const FOLDER = 'examples/kubernetes'
const PARAMETERS: Record<string, Record<string, string>> = { 'image-swap': { image: 'image-pull-error:2' } }

let namespace: TestNamespace
let stage: ClusterStage
let nodes: OwnNodes
let runs = 0

beforeAll(async () => {
  namespace = await testNamespace('examples')
  stage = await ClusterStage.make(namespace, AGENT_RULES, { nodeFaults: true })
  nodes = new OwnNodes(namespace)
  await nodes.add()
  await nodes.add()
  await nodes.run(2)
  await namespace.admin.create(namespace.in(CORE, 'services'), service('web'))
})
afterAll(async () => {
  await stage.close()
  await nodes.close()
  await namespace.close()
})

it.each(readdirSync(FOLDER))('%s', { timeout: 120_000 }, async (file) => {
  if (stage.agent === undefined) await stage.startAgent()
  const workflow = file.replace('.yaml', '')
  await stage.addWorkflow(workflow, readFileSync(`${FOLDER}/${file}`, 'utf8'))
  const parameters = { appNamespace: namespace.name, appLabel: 'app=web', seconds: '2', ...PARAMETERS[workflow] }
  await stage.api.post(`/projects/${PROJECT}/runs`, { workflow, parameters })
  const run = await stage.ended(++runs)
  expect(run).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean' })
  await rolledOut(namespace, 'web', 2)
})
