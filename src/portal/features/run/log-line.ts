import type { Fact, InjectionStage } from '../../../domain/index.ts'

export interface LogLine {
  seq: number
  /** ms since 1970 */
  at: number
  step: string | null
  level: 'info' | 'warn' | 'error'
  text: string
}

const STAGES: Record<InjectionStage, string> = {
  prepared: 'undo record written',
  applied: 'harm applied',
  'effect-proved': 'effect proved',
  'no-effect-seen': 'no effect seen',
  recovering: 'recovering',
  recovered: 'recovered',
  drifted: 'over, but changed by others meanwhile',
  leaked: 'LEAKED'
}

/** Facts as lines of one log; checks that passed are left to the timeline. */
export function logLines(facts: readonly Fact[]): LogLine[] {
  return facts.flatMap((fact) => {
    const told = sayOf(fact)
    if (told === null) return []
    return [{ seq: fact.seq, at: Date.parse(fact.at), step: 'step' in fact ? fact.step : null, ...told }]
  })
}

function sayOf(fact: Fact): { level: LogLine['level']; text: string } | null {
  switch (fact.type) {
    case 'log':
      return { level: fact.level, text: fact.text }
    case 'run-phase':
      return { level: phaseLevel(fact.phase), text: withReason(`run ${fact.phase}`, fact.reason) }
    case 'step-phase':
      return { level: phaseLevel(fact.phase), text: withReason(`step ${fact.phase}`, fact.reason) }
    case 'targets':
      return {
        level: 'info',
        text: `targets of round ${fact.round}: ${fact.targets.map(({ name }) => name).join(', ')}`
      }
    case 'injection':
      return {
        level: fact.stage === 'leaked' ? 'error' : ['no-effect-seen', 'drifted'].includes(fact.stage) ? 'warn' : 'info',
        text: withReason(`${fact.target}: ${STAGES[fact.stage]}`, fact.evidence)
      }
    case 'probe-check':
      return fact.passed ? null : { level: 'warn', text: `probe ${fact.probe} failed: ${fact.evidence}` }
    case 'probe-result':
      return {
        level: fact.verdict === 'pass' ? 'info' : 'warn',
        text: withReason(`probe ${fact.probe} ended: ${fact.verdict}`, fact.evidence)
      }
    case 'fault-result':
      return {
        level: fact.verdict === 'pass' ? 'info' : 'warn',
        text: withReason(`fault ended: ${fact.verdict}, recovery ${fact.recovery}`, fact.evidence)
      }
  }
}

function phaseLevel(phase: string): LogLine['level'] {
  return phase === 'error' || phase === 'timeout' ? 'error' : 'info'
}

function withReason(text: string, reason: string | null): string {
  return reason ? `${text} (${reason})` : text
}
