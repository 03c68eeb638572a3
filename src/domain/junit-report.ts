import type { Judgement } from './judgement.ts'
import { attemptWords } from './run-story.ts'
import type { Recovery, StepPhase, Verdict } from './words.ts'

/** Times are ISO 8601. */
export interface JunitRun {
  workflow: string
  startedAt: string | null
  endedAt: string | null
  steps: readonly JunitStep[]
}

export interface JunitStep {
  step: string
  phase: StepPhase
  verdict: Verdict
  recovery: Recovery | null
  reason: string | null
  startedAt: string | null
  endedAt: string | null
  /** null: the step is none */
  fault: JunitFault | null
}

export interface JunitFault {
  mostAttempts: number
  /** of all attempts */
  injections: readonly { attempt: number; target: string; stages: readonly { stage: string }[] }[]
}

/** A run as JUnit XML: a test case for each step, and one for what was asked of the whole. */
export function junitReport(run: JunitRun, judgement: Judgement): string {
  const cases = [...run.steps.map((step) => stepCase(run, step)), wholeCase(run, judgement)]
  const count = (element: string) => cases.filter(({ inner }) => inner.startsWith(`<${element}`)).length
  const suite = attributes({
    name: run.workflow,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: secondsOf(run),
    ...(run.startedAt !== null && { timestamp: run.startedAt.replace(/\.\d+Z$|Z$/, '') })
  })
  const lines = cases.map(({ head, inner, output }) => `    <testcase${head}>${inner}${output}</testcase>`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite${suite}>\n${lines.join('\n')}\n  </testsuite>\n</testsuites>\n`
}

interface Case {
  head: string
  inner: string
  /** what else there is to tell, or nothing */
  output: string
}

function stepCase(run: JunitRun, step: JunitStep): Case {
  const head = attributes({ classname: run.workflow, name: step.step, time: secondsOf(step) })
  return { head, inner: endOf(step), output: attemptsOf(step) }
}

function endOf({ phase, verdict, recovery, reason }: JunitStep): string {
  const words = reason ?? `${phase}, ${verdict}`
  if (recovery === 'leaked') return told('failure', `recovery ${recovery}: ${words}`)
  if (verdict === 'fail') return told('failure', words)
  if (verdict === 'error' || phase === 'error' || phase === 'timeout') return told('error', words)
  return phase === 'completed' ? '' : told('skipped', words)
}

/** Of a step that may be tried again: which injection belongs to which attempt. */
function attemptsOf({ fault }: JunitStep): string {
  if (fault === null || fault.mostAttempts === 1 || fault.injections.length === 0) return ''
  const lines = fault.injections.map(({ attempt, target, stages }) => {
    const course = stages.map(({ stage }) => stage).join(', ')
    return `${attemptWords(fault, attempt)}: injection on ${target}: ${course}`
  })
  return `<system-out>${escaped(lines.join('\n'))}</system-out>`
}

function wholeCase(run: JunitRun, { outcome, sentence }: Judgement): Case {
  const head = attributes({ classname: run.workflow, name: 'the whole run', time: secondsOf(run) })
  if (outcome === 'passed') return { head, inner: '', output: '' }
  return { head, output: '', inner: told(outcome === 'failed' ? 'failure' : 'error', sentence) }
}

function told(element: 'failure' | 'error' | 'skipped', message: string): string {
  return `<${element}${attributes({ message })}/>`
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Line ends too: a reader makes spaces of them in attributes. Control characters are no XML at all. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function secondsOf({ startedAt, endedAt }: Pick<JunitStep, 'startedAt' | 'endedAt'>): string {
  if (startedAt === null || endedAt === null) return '0'
  return Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(3)
}
