import { describe, expect, it } from 'vitest'
import type { FactBody, FaultCall, PlanStep, RunPlan } from '../../domain/index.ts'
import { endOfRun } from './run-end.ts'
import { newsOf, type Reading, type SeenRun } from './run-news.ts'
import type { SeenEngine, SeenResult } from './seen-chaos.ts'
import type { SeenNode, SeenWorkflow } from './seen-workflow.ts'
import { toldBy } from './told.ts'

const call: FaultCall = {
  ...{ engine: 'harm', fault: 'pod-delete', weight: 10, tunables: {}, probes: [] },
  target: { namespace: 'shop', kind: 'deployment', labels: { app: 'cart' } }
}
const fault: PlanStep = { id: 'harm', name: 'harm', needs: [], action: { kind: 'fault', fault: call } }
const ask: PlanStep = { id: 'ask', name: 'ask', needs: ['harm'], action: { kind: 'approval' } }
const last: PlanStep = { id: 'last', name: 'last', needs: ['ask'], action: { kind: 'delegated', what: '' } }
const plan: RunPlan = { workflow: 'w', deadlineSeconds: null, steps: [fault, ask, last] }

const node = (name: string, phase: string, more: Partial<SeenNode> = {}): SeenNode => ({
  ...{
    id: `w-${name.length}`,
    displayName: name,
    type: 'Pod',
    phase,
    message: '',
    template: '',
    boundary: 'w',
    children: []
  },
  ...more
})
const workflow = (phase: string, ...nodes: SeenNode[]): SeenWorkflow => ({
  ...{ name: 'w', uid: 'u', phase, message: '', shutdown: '', hidden: false },
  nodes: [{ ...node('w', phase), id: 'w', type: 'Steps', boundary: '' }, ...nodes]
})
const engine = (status: string, more: Partial<SeenEngine> = {}): SeenEngine => ({
  ...{ uid: 'e1', namespace: 'shop', name: 'harm-1', workflow: 'w', pod: 'w-harm-4', state: 'active', createdAt: '1' },
  status,
  ...more
})
const result = (verdict: string, more: Partial<SeenResult> = {}): SeenResult => ({
  ...{ namespace: 'shop', engine: 'harm-1', engineUid: 'e1', fault: 'pod-delete', reason: '', probeSuccess: '' },
  ...{ phase: verdict === 'Awaited' ? 'Running' : 'Completed', verdict, probes: [], targets: [] },
  ...more
})
const probe = (name: string, verdict: string) => ({ name, type: 'httpProbe', mode: 'EOT', verdict, description: '' })
const target = (status: string) => ({ name: 'cart', kind: 'deployment', status })
const STOP = { kind: 'stop', text: 'enough' } as const

function read(seen: Partial<SeenRun>, more: Partial<Omit<Reading, 'told'>> & { told?: FactBody[] } = {}) {
  const { told = [], ...rest } = more
  return newsOf({
    plan,
    seen: { workflow: null, engines: [], results: [], ...seen },
    told: toldBy(told),
    ending: null,
    approvals: new Map(),
    late: () => false,
    ...rest
  })
}
const ofType = (facts: readonly FactBody[], type: FactBody['type']) => facts.filter((fact) => fact.type === type)
const judged = (facts: readonly FactBody[]) => ofType(facts, 'fault-result')[0]

describe('news of a run on Argo', () => {
  const running = { workflow: workflow('Running', node('harm', 'Running')), engines: [engine('initialized')] }
  const ended = { workflow: workflow('Running', node('harm', 'Failed')), engines: [engine('completed')] }

  it('are told once', () => {
    const first = read(running)
    expect(first.facts.map((fact) => fact.type)).toEqual(['injection', 'step-phase'])
    expect(read(running, { told: first.facts }).facts).toEqual([])
  })

  it('a fault has ended when its ChaosEngine has, with the verdict and the probes of its ChaosResult', () => {
    const results = [
      result('Fail', { probes: [probe('a', 'Passed'), probe('b', 'Failed')], targets: [target('reverted')] })
    ]
    const { facts, states } = read({ ...ended, results })
    expect(judged(facts)).toMatchObject({ verdict: 'fail', probeSuccess: 50, recovery: 'clean', weight: 10 })
    expect(ofType(facts, 'probe-result')).toHaveLength(2)
    expect(states.harm).toMatchObject({ phase: 'completed', failed: true })
  })

  it('what was told before counts for the end as it did then', () => {
    const results = [result('Fail', { probes: [probe('b', 'Failed')] })]
    const first = read({ ...ended, results })
    const over = workflow('Failed', node('harm', 'Failed'))
    const { states, facts } = read({ workflow: over }, { told: [...read(running).facts, ...first.facts] })
    expect(judged(facts)).toBeUndefined()
    expect(states.harm).toMatchObject({ phase: 'completed', failed: true, reason: expect.stringContaining('probe b') })
    expect(endOfRun({ plan, states, workflow: over, ending: null })).toEqual({ phase: 'completed', reason: null })
  })

  it('a step whose result is not there yet waits for it, and says so when it does not come', () => {
    const waiting = read(ended)
    expect(judged(waiting.facts)).toBeUndefined()
    expect(waiting.awaited).toEqual([{ step: 'harm', active: false }])
    const late = read(ended, { late: () => true })
    expect(judged(late.facts)).toMatchObject({ verdict: 'error', evidence: expect.stringContaining('no ChaosResult') })
    expect(late.states.harm?.phase).toBe('error')
  })

  it('a result that an earlier ChaosEngine of the same name has left is not this one’s', () => {
    expect(judged(read({ ...ended, results: [result('Pass', { engineUid: 'e0' })] }).facts)).toBeUndefined()
  })

  it('a ChaosEngine that clean-up has deleted is remembered: its result is found all the same', () => {
    const told = read(running).facts
    const seen = { workflow: workflow('Running', node('harm', 'Succeeded')), results: [result('Pass')] }
    expect(judged(read(seen, { told }).facts)).toMatchObject({ verdict: 'pass', probeSuccess: null })
  })

  it.each([
    [
      'a target that was not reverted',
      { engines: [engine('completed')], results: [result('Pass', { targets: [target('injected')] })] }
    ],
    ['a ChaosEngine that went before its fault had ended', { results: [result('Awaited')] }],
    ['a ChaosEngine that does not stop', { engines: [engine('initialized')] }]
  ])('is leaked, and an error: %s', (_what, seen) => {
    const told = read(running).facts
    const { facts, states } = read(
      { workflow: workflow('Failed', node('harm', 'Failed')), ...seen },
      { told, late: () => true }
    )
    expect(judged(facts)).toMatchObject({ verdict: 'error', recovery: 'leaked' })
    expect(states.harm?.phase).toBe('error')
  })

  it('a ChaosEngine that goes on although its step has ended, or the run is to end, is to be stopped', () => {
    const uids = (news: ReturnType<typeof read>) => news.leftovers.map(({ uid }) => uid)
    expect(uids(read(running))).toEqual([])
    expect(uids(read({ ...running, workflow: workflow('Running', node('harm', 'Failed')) }))).toEqual(['e1'])
    expect(uids(read(running, { ending: STOP }))).toEqual(['e1'])
    expect(uids(read({ engines: [engine('initialized', { pod: 'of-nobody' })] }))).toEqual(['e1'])
  })

  it('a stop ends what is under way once it is reverted, and leaves out the rest', () => {
    const stopped = {
      workflow: workflow('Failed', node('harm', 'Failed')),
      engines: [engine('stopped')],
      results: [result('Stopped', { phase: 'Stopped', targets: [target('reverted')] })]
    }
    const { facts, states } = read(stopped, { ending: STOP })
    expect(judged(facts)).toMatchObject({ verdict: 'not-applicable', recovery: 'clean', probeSuccess: null })
    expect(Object.values(states).map(({ phase }) => phase)).toEqual(['stopped', 'skipped', 'skipped'])
    expect(endOfRun({ plan, states, workflow: stopped.workflow, ending: STOP })).toEqual({
      phase: 'stopped',
      reason: 'enough'
    })
  })

  it('a wait for a person waits; what was said ends it, and one that another agent passed on is found in its message', () => {
    const waits = node('ask', 'Running', { type: 'Suspend' })
    expect(read({ workflow: workflow('Running', waits) }).states.ask?.phase).toBe('waiting')
    const said = { step: 'ask', outcome: 'rejected', by: 'ana', reason: null } as const
    const over = workflow('Failed', { ...waits, phase: 'Failed', message: 'rejected by ana' })
    expect(read({ workflow: over }, { approvals: new Map([['ask', said]]) }).states.ask?.phase).toBe('stopped')
    expect(read({ workflow: over }).states.ask).toMatchObject({ phase: 'stopped', reason: 'rejected by ana' })
  })

  it('a Workflow that was deleted leaves what went on as an error, and is one itself', () => {
    const told = read(running).facts
    const { states } = read({}, { told, late: () => true })
    expect(states.harm?.phase).toBe('error')
    expect(endOfRun({ plan, states, workflow: null, ending: null }).phase).toBe('error')
    const between = {
      harm: { phase: 'completed' },
      ask: { phase: 'skipped', omitted: true },
      last: { phase: 'skipped', omitted: true }
    } as const
    expect(endOfRun({ plan, states: between, workflow: null, ending: null })).toMatchObject({
      phase: 'error',
      reason: expect.stringContaining('deleted')
    })
  })

  it('what Argo says of the Workflow alone is the run’s reason', () => {
    const states = { harm: { phase: 'completed' }, ask: { phase: 'completed' }, last: { phase: 'completed' } } as const
    const end = (message: string) =>
      endOfRun({ plan, states, workflow: { ...workflow('Failed'), message }, ending: null })
    expect(end('quota exceeded')).toEqual({ phase: 'error', reason: 'quota exceeded' })
    expect(end('Step exceeded its deadline').phase).toBe('timeout')
  })
})
