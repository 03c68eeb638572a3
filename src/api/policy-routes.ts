import type { Policy, SimulateBody, WorkflowSummary } from '../contract/index.ts'
import { type Happening, type Observation, policyWords } from '../domain/index.ts'
import { policyOf } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import { type DecisionRow, lastDecisionsOf, runningTexts, snapshot, type Tx } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { pageOf, pageRequest, textsCursor } from './page.ts'
import { project } from './run-routes.ts'
import { decisionView } from './view-run.ts'
import { summaryPage } from './workflow-list.ts'

/** name, path */
const policyCursor = textsCursor(2)

export const policyRoutes: Handlers<'listPolicies' | 'simulatePolicies'> = {
  listPolicies: async (call, { store }) => {
    const { limit, from } = pageRequest(call, policyCursor)
    const after = from && { after: { name: from[0] ?? '', path: from[1] ?? '' } }
    const query = { only: 'policies' as const, limit: limit + 1, ...after }
    const rows = await snapshot(store.db, (tx) => policyPage(tx, project(call), query))
    return {
      body: pageOf(rows, { limit, key: ({ name, path }) => policyCursor.write([name, path]), view: (row) => row })
    }
  },

  simulatePolicies: async (call, api) => {
    const body = call.body as SimulateBody
    const { change, manifests, aspects } = body
    if ([change, manifests, aspects].filter((one) => one !== undefined).length !== 1) throw oneOfThree()
    const question = { change: await changeOf(call, api), policy: body.policy ?? null }
    return { body: await api.trigger.simulate(project(call), question) }
  }
}

async function policyPage(db: Tx, projectId: string, query: Parameters<typeof summaryPage>[2]): Promise<Policy[]> {
  const rows = await summaryPage(db, projectId, query)
  const ids = rows.flatMap(({ definition }) => definition ?? [])
  const texts = await runningTexts(db, ids)
  const last = new Map((await lastDecisionsOf(db, ids)).map((row) => [row.policyId, row]))
  return rows.map((row) => policyView(row, texts.get(row.definition ?? ''), last.get(row.definition)))
}

function policyView(row: WorkflowSummary, text: string | undefined, last: DecisionRow | undefined): Policy {
  const { name, path, definition, kind, sync, syncNote, commit, fileCommit, problems, suspended } = row
  return {
    ...{ name, path, definition, kind, sync, syncNote, commit, fileCommit, problems, suspended },
    rules: text === undefined ? null : rulesOf(text),
    lastDecision: last === undefined ? null : { ...decisionView(last), change: last.changeId }
  }
}

function rulesOf(text: string): Policy['rules'] {
  const policy = policyOf(text)
  if (policy === null) return null
  const { selects, when, pacing } = policyWords(policy)
  const runs = policy.run.map(({ workflow, parameters }) => ({ workflow, parameters: { ...parameters } }))
  return { selects, events: [...policy.events], when, pacing: [...pacing], runs }
}

type Question = Parameters<ApiOptions['trigger']['simulate']>[1]

async function changeOf(call: Call, api: ApiOptions): Promise<Question['change']> {
  const { change, manifests, aspects, event: kind = 'changed' } = call.body as SimulateBody
  if (change !== undefined) return { kind: 'stored', id: change }
  const infrastructure = (call.body as SimulateBody).infrastructure ?? (await usualPlace(call, api))
  if (manifests !== undefined) return { kind: 'pasted', pasted: { ...manifests, kind, infrastructure } }
  return { kind: 'told', happening: toldHappening(aspects, { kind, infrastructure }) }
}

function toldHappening(told: SimulateBody['aspects'], where: Pick<Happening, 'kind' | 'infrastructure'>): Happening {
  if (told === undefined) throw oneOfThree()
  const { workload, before, after } = told
  const seen = (number: number, aspects: Observation['aspects']): Observation => ({
    ...{ ...workload, uid: 'pasted', number, aspects, rollout: 'healthy', at: '' }
  })
  return { ...where, before: seen(1, before), after: seen(2, after) }
}

/** Where a project has no infrastructure at all, a policy for one of them does not fit. */
async function usualPlace(call: Call, api: ApiOptions): Promise<string> {
  const places = await api.accounts.infrastructures.of(project(call))
  return (places.find(({ isDefault }) => isDefault) ?? places[0])?.name ?? 'none'
}

function oneOfThree(): AppError {
  const message = 'Give one of change, manifests and aspects: which change is meant.'
  return new AppError({ code: 'api/which-change', kind: 'invalid', message })
}
