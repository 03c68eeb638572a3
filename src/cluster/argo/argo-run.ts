import {
  type Approval,
  type FactBody,
  guardrailProblems,
  isFinal,
  type RunPhase,
  type RunPlan,
  type StepState
} from '../../domain/index.ts'
import type { EngineTask, RunContext, StopReason } from '../../engine/index.ts'
import { type AppError, type Clock, type Logger, toAppError } from '../../platform/index.ts'
import type { ArgoCalls } from './argo-calls.ts'
import type { ArgoWatch } from './argo-watch.ts'
import { factsOfEnd } from './fault-judgement.ts'
import { Patience } from './patience.ts'
import { endedAs, endOfRun, HIDDEN } from './run-end.ts'
import { type News, newsOf, type SeenRun } from './run-news.ts'
import { isOver, type SeenWorkflow } from './seen-workflow.ts'
import { seenSteps } from './step-state.ts'
import { type Told, toldBy } from './told.ts'

export interface ArgoRunParts {
  calls: ArgoCalls
  watch: ArgoWatch
  /** of the Workflow */
  name: string
  /** the only namespace that the agent may look at; null = all */
  scope: string | null
  clock: Clock
  log: Logger
}

const LOOK_AGAIN_MS = 1000
const LOOK_AFTER_ERROR_MS = 2000
/** pods of one step whose words are told */
const MOST_LOGS = 5
/** no step: ChaosEngines that go on although the run is over */
const LEFTOVERS = ''

/**
 * One run on Argo Workflows. Level-triggered: each turn looks at what is on the cluster, tells what is new, and does what
 * is missing; so it may be ended at any line, and whoever goes on needs only what was told.
 */
export class ArgoRun {
  readonly #parts: ArgoRunParts
  readonly #task: EngineTask
  readonly #context: RunContext
  readonly #facts: FactBody[]
  readonly #patience: Patience
  readonly #approvals = new Map<string, Approval>()
  readonly #asked = new Set<string>()
  readonly #over = new AbortController()
  readonly #said = new Set<string>()
  #nap = new AbortController()
  #givenUp: StopReason | null = null

  constructor(parts: ArgoRunParts, task: EngineTask, context: RunContext) {
    this.#parts = parts
    this.#task = task
    this.#context = context
    this.#facts = [...task.told]
    this.#patience = new Patience(parts.clock)
  }

  /** Its final phase; one that is not final: the agent ends, and its successor goes on. */
  async execute(): Promise<RunPhase> {
    const wake = () => this.#nap.abort()
    const unsubscribe = this.#parts.watch.onChange(wake)
    this.#context.signal.addEventListener('abort', wake, { signal: this.#over.signal })
    try {
      for (;;) {
        this.#nap = new AbortController()
        const { phase, pauseMs } = await this.#attempt()
        if (phase !== null) return phase
        await this.#parts.clock.sleep(pauseMs, this.#nap.signal).catch(() => undefined)
      }
    } finally {
      unsubscribe()
      this.#over.abort()
    }
  }

  async #attempt(): Promise<{ phase: RunPhase | null; pauseMs: number }> {
    const ending = this.#ending
    if (ending?.kind === 'shutdown') return { phase: this.#told.run ?? 'queued', pauseMs: 0 }
    try {
      const phase = this.#told.run === null ? await this.#begin(ending) : await this.#turn(ending)
      this.#patience.sees()
      return { phase, pauseMs: LOOK_AGAIN_MS }
    } catch (thrown) {
      return { phase: this.#failed(toAppError(thrown)), pauseMs: LOOK_AFTER_ERROR_MS }
    }
  }

  get #ending(): StopReason | null {
    const { signal } = this.#context
    return signal.aborted ? (signal.reason as StopReason) : this.#givenUp
  }

  get #told(): Told {
    return toldBy(this.#facts)
  }

  get #faults(): boolean {
    return this.#task.plan.steps.some(({ action }) => action.kind === 'fault')
  }

  /** Gives the Workflow to Argo, unless it has it: only then the run is told to be running. */
  async #begin(ending: StopReason | null): Promise<RunPhase | null> {
    const { plan, guardrails } = this.#task
    const problems = guardrailProblems(plan, guardrails)
    if (problems.length > 0) return this.#end('error', problems.map(({ message }) => message).join('; '))
    if (ending !== null && (await this.#parts.calls.find()) === null) return this.#end(endedAs(ending), ending.text)
    if (this.#faults) await this.#parts.calls.seesLitmus(this.#parts.scope)
    await this.#parts.calls.submit()
    this.#tell({ type: 'run-phase', phase: 'running', reason: null })
    this.#log('info', `given to Argo as Workflow ${this.#parts.calls.where}`)
    return null
  }

  async #turn(ending: StopReason | null): Promise<RunPhase | null> {
    const { watch } = this.#parts
    const problem = watch.problem(this.#faults)
    const workflow = watch.workflow(this.#parts.name) ?? (await this.#parts.calls.find())
    if (ending !== null) await this.#stopWorkflow(ending, workflow)
    if (problem !== null) throw problem
    if (!watch.listed(this.#faults)) return null
    const seen = {
      workflow: this.#endedOrNot(workflow, ending),
      engines: watch.enginesOf(this.#parts.name),
      results: watch.results()
    }
    this.#sayWhatHoldsUp(seen)
    const news = this.#news(seen, ending)
    for (const fact of news.facts) this.#tell(fact)
    await this.#tellLogs(news.facts, seen.workflow)
    for (const engine of news.leftovers) if (engine.state !== 'stop') await this.#parts.calls.stopEngine(engine)
    await this.#askPeople(news, seen.workflow)
    return this.#endIfOver(news, seen, ending)
  }

  #news(seen: SeenRun, ending: StopReason | null): News {
    const news = newsOf({
      plan: this.#task.plan,
      seen,
      told: this.#told,
      ending,
      approvals: this.#approvals,
      late: (step) => this.#patience.isLate(step)
    })
    const over = seen.workflow === null || isOver(seen.workflow)
    const left = over && news.leftovers.length > 0 ? [{ step: LEFTOVERS, active: true }] : []
    this.#patience.awaits([...news.awaited, ...left])
    return news
  }

  /** One that no controller takes up, or that Argo does not end, although it was told to end, counts as gone. */
  #endedOrNot(workflow: SeenWorkflow | null, ending: StopReason | null): SeenWorkflow | null {
    if (workflow === null || isOver(workflow)) return workflow
    const untaken = ending !== null && workflow.phase === '' && workflow.nodes.length === 0
    return untaken || this.#patience.isPastStop() ? null : workflow
  }

  async #stopWorkflow(ending: StopReason, workflow: SeenWorkflow | null): Promise<void> {
    if (this.#told.run !== 'stopping')
      this.#tell({ type: 'run-phase', phase: 'stopping', reason: ending.text.slice(0, 2000) })
    const strategy = this.#patience.stops() === 'terminate' || exitHarms(this.#task.plan) ? 'Terminate' : 'Stop'
    if (workflow !== null && !isOver(workflow) && ![strategy, 'Terminate'].includes(workflow.shutdown))
      await this.#parts.calls.shutDown(strategy)
  }

  /** What Argo waits for is said once, in the run's log. */
  #sayWhatHoldsUp({ workflow }: SeenRun): void {
    if (workflow === null) return
    if (workflow.hidden) this.#once('error', HIDDEN)
    if (workflow.phase === '') this.#sayUntaken()
    for (const { phase, message, displayName } of workflow.nodes)
      if (phase === 'Pending' && message !== '') this.#once('warn', `${displayName} waits: ${message}`)
  }

  /** What the pods of a step have said, once it has ended. */
  async #tellLogs(facts: readonly FactBody[], workflow: SeenWorkflow | null): Promise<void> {
    const ended = facts.flatMap((fact) => (fact.type === 'step-phase' && isFinal(fact.phase) ? fact.step : []))
    if (ended.length === 0) return
    const steps = seenSteps(this.#task.plan, workflow)
    for (const step of ended)
      for (const node of (steps.get(step)?.nodes ?? []).filter(({ type }) => type === 'Pod').slice(0, MOST_LOGS))
        for (const text of await this.#parts.calls.log(node))
          this.#context.emit({ type: 'log', step, level: 'info', text })
  }

  #sayUntaken(): void {
    const patience = this.#patience.untaken()
    const text = `No controller has taken Workflow ${this.#parts.calls.where} up: does Argo’s workflow-controller run, does it look at this namespace, and is its instance id the one of the infrastructure?`
    if (patience !== 'soon') this.#once('warn', text)
    if (patience === 'given-up') this.#givenUp = { kind: 'lease-lost', text }
  }

  async #askPeople({ states }: News, workflow: SeenWorkflow | null): Promise<void> {
    const { plan } = this.#task
    for (const { id, action } of plan.steps) {
      if (action.kind !== 'approval' || states[id]?.phase !== 'waiting') continue
      if (!this.#asked.has(id)) this.#ask(id)
      const approval = this.#approvals.get(id)
      const node = approval && waitingNode(plan, workflow, id)
      if (approval && node) await this.#parts.calls.answer(node, approval)
    }
  }

  #ask(step: string): void {
    this.#asked.add(step)
    const signal = AbortSignal.any([this.#over.signal, this.#context.signal])
    void this.#context.approvals?.wait(step, signal).then((approval) => {
      if (approval !== null) this.#approvals.set(step, approval)
      this.#nap.abort()
    })
  }

  #endIfOver({ states, leftovers }: News, { workflow }: SeenRun, ending: StopReason | null): RunPhase | null {
    const all = Object.values(states)
    const over = workflow === null || isOver(workflow)
    const [left] = leftovers
    if (!over || all.some(({ phase }) => !isFinal(phase)) || (left && !this.#patience.isLate(LEFTOVERS))) {
      this.#tellWaiting(all)
      return null
    }
    if (left)
      return this.#end('error', `ChaosEngine ${left.namespace}/${left.name} did not stop: harm may still be there`)
    const { phase, reason } = endOfRun({ plan: this.#task.plan, states, workflow, ending })
    return this.#end(phase, reason)
  }

  #tellWaiting(states: readonly StepState[]): void {
    const open = states.filter(({ phase }) => !isFinal(phase) && phase !== 'queued')
    const phase = open.length > 0 && open.every((state) => state.phase === 'waiting') ? 'waiting' : 'running'
    const { run } = this.#told
    if ((run === 'running' || run === 'waiting') && run !== phase)
      this.#tell({ type: 'run-phase', phase, reason: null })
  }

  /** What may get better is tried again; a Workflow that the cluster does not take is the end of the run. */
  #failed(error: AppError): RunPhase | null {
    const { log } = this.#parts
    const begun = this.#told.run !== null
    log.warn({ run: this.#task.run, err: error }, 'a run on Argo could not be looked after')
    const lasting = error.kind !== 'transient' && error.kind !== 'stalled'
    const blind = this.#patience.fails()
    if (begun ? !blind : !lasting && !blind) {
      this.#once('error', error.message)
      return null
    }
    if (begun) this.#leaveBehind(error.message)
    return this.#end('error', error.message)
  }

  /** Nothing is known of what goes on: what was begun may still do harm. */
  #leaveBehind(why: string): void {
    const { engines, judged } = this.#told
    for (const { id, action } of this.#task.plan.steps) {
      const began = [...engines.values()].some(({ step, stage }) => step === id && stage !== 'recovered')
      if (action.kind !== 'fault' || judged.has(id) || !began) continue
      const end = { verdict: 'error', recovery: 'leaked', probeSuccess: null, evidence: why, probes: [] } as const
      for (const fact of factsOfEnd(id, action.fault, end)) this.#tell(fact)
    }
  }

  #end(phase: RunPhase, reason: string | null): RunPhase {
    this.#tell({ type: 'run-phase', phase, reason: reason?.slice(0, 2000) ?? null })
    return phase
  }

  #once(level: 'warn' | 'error', text: string): void {
    if (!this.#said.has(text)) this.#log(level, text)
    this.#said.add(text)
  }

  #log(level: 'info' | 'warn' | 'error', text: string): void {
    this.#context.emit({ type: 'log', step: null, level, text: text.slice(0, 4000) })
  }

  #tell(fact: FactBody): void {
    this.#facts.push(fact)
    this.#context.emit(fact)
  }
}

/** Argo runs the exit handler of a Workflow that it stops, not of one that it terminates: no harm begins after a stop. */
function exitHarms({ steps }: RunPlan): boolean {
  return steps.some(({ exit, action }) => exit === true && action.kind === 'fault')
}

function waitingNode(plan: RunPlan, workflow: SeenWorkflow | null, step: string): string | undefined {
  const nodes = seenSteps(plan, workflow).get(step)?.nodes ?? []
  return nodes.find(({ type, phase }) => type === 'Suspend' && phase === 'Running')?.id
}
