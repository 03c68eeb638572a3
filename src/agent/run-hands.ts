import type { AgentTask, RunTask } from '../contract/index.ts'
import { type FactBody, type InjectionStage, isFinal, type StepPhase } from '../domain/index.ts'
import type { Emit } from '../engine/index.ts'
import { createFactLog, type FactLog, type FactLogsOptions, leftFactLogs } from './fact-log.ts'
import { RunInHand, type RunParts } from './run-in-hand.ts'

export interface RunHandsOptions extends RunParts {
  logs: FactLogsOptions
}

/** All runs that this agent holds; no run is ever begun twice. */
export class RunHands {
  readonly #options: RunHandsOptions
  readonly #runs = new Map<string, RunInHand>()

  constructor(options: RunHandsOptions) {
    this.#options = options
  }

  get ids(): string[] {
    return [...this.#runs.keys()]
  }

  /** runs of an earlier process: nobody executes them any more; `emitFor` and `endLeft` tell the rest of their story */
  async takeLeft(): Promise<void> {
    for (const facts of await leftFactLogs(this.#options.logs)) this.#hold(facts)
  }

  /** facts of the reaper go to their run, if its facts are still wanted */
  emitFor(run: string): Emit {
    const { log } = this.#options
    return (fact) => {
      const held = this.#runs.get(run)
      if (held !== undefined && !held.facts.ended) held.emit(fact)
      else log.info({ run, fact }, 'told of a run that is over')
    }
  }

  /** ends what an earlier process left unfinished, after the reaper has undone its harm; what Argo executes goes on */
  endLeft(): void {
    for (const held of this.#runs.values()) {
      const { ended, task } = held.facts
      if (!ended && task !== null) {
        held.begin(task)
        continue
      }
      if (!ended) for (const fact of endOfLeft(held.facts)) held.emit(fact)
      held.report()
    }
  }

  async take(task: AgentTask): Promise<void> {
    const held = this.#runs.get(task.run)
    if (task.kind === 'stop') held?.stop({ kind: 'stop', text: task.reason })
    else if (task.kind === 'approval') held?.renewNow()
    else if (held !== undefined) await held.facts.rewrite({ lease: task.lease })
    else await this.#begin(task)
  }

  /** ends all runs, recovered; facts that are not with the server by then wait on disk for the next start */
  async close(flushMs: number): Promise<void> {
    const runs = [...this.#runs.values()]
    for (const run of runs) run.stop({ kind: 'shutdown', text: 'the agent was ended' })
    await Promise.all(runs.map((run) => run.settled()))
    const { clock } = this.#options
    const flushed = new AbortController()
    const allTold = Promise.all(runs.map((run) => run.told()))
    await Promise.race([allTold, clock.sleep(flushMs, flushed.signal).catch(() => undefined)])
    flushed.abort()
    await Promise.all([...this.#runs.values()].map((run) => run.close()))
  }

  async #begin(task: RunTask): Promise<void> {
    const { run, plan, guardrails, told = [] } = task
    const onArgo = plan.argo !== undefined
    const order = { run, plan, guardrails, told }
    const facts = await createFactLog(this.#options.logs, { ...task, ...(onArgo && { task: order }) })
    const held = this.#hold(facts)
    if (!task.resumed || onArgo) return held.begin(order)
    held.emit({
      type: 'run-phase',
      phase: 'error',
      reason: 'agent lost: another one, or this one before, had begun it'
    })
    held.report()
  }

  #hold(facts: FactLog): RunInHand {
    const held = new RunInHand(this.#options, facts)
    this.#runs.set(facts.run, held)
    void held
      .over()
      .catch((error) => this.#options.log.error({ run: facts.run, err: error }, 'a run was not let go of cleanly'))
      .finally(() => this.#runs.delete(facts.run))
    return held
  }
}

/** What is to be said of a run whose agent ended in the middle: its open steps and the run itself end as errors. */
function endOfLeft(facts: FactLog): FactBody[] {
  const reason =
    'the agent was ended in the middle of this run; when it was started again, it undid what it had injected'
  const phases = new Map<string, StepPhase>()
  for (const fact of facts.all()) if (fact.type === 'step-phase') phases.set(fact.step, fact.phase)
  const open = [...phases].filter(([, phase]) => !isFinal(phase))
  const steps = open.flatMap(([step]): FactBody[] => [
    ...recoveryOf(facts, step),
    { type: 'step-phase', step, phase: 'error', reason }
  ])
  return [...steps, { type: 'run-phase', phase: 'error', reason }]
}

/** What came of the harm of an open step, by the last stage of each of its injections. */
function recoveryOf(facts: FactLog, step: string): FactBody[] {
  const stages = new Map<string, InjectionStage>()
  for (const fact of facts.all()) {
    if (fact.type === 'injection' && fact.step === step) stages.set(fact.injection, fact.stage)
  }
  if (stages.size === 0) return []
  const last = [...stages.values()]
  const over = last.every((stage) => stage === 'recovered' || stage === 'drifted')
  const recovery = !over ? 'leaked' : last.includes('drifted') ? 'drifted' : 'clean'
  const evidence = 'the agent was ended in the middle of the fault'
  return [{ type: 'fault-result', step, verdict: 'error', probeSuccess: null, recovery, weight: 0, evidence }]
}
