import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import type { PlanStep } from '../../../domain/index.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Problems } from '../../ui/problems.tsx'
import { YamlEditor } from '../editor/yaml-editor.tsx'
import { planNodes } from '../graph/plan-node.ts'
import { StepGraph } from '../graph/step-graph.tsx'
import type { CheckedText } from './checked-text.ts'
import { useCatalogue } from './queries.ts'
import { stepAt, stepLines } from './step-lines.ts'
import { TypedPolicy } from './typed-policy.tsx'
import { TypedSchedule } from './typed-schedule.tsx'
import classes from './workflow.module.css'

const NO_STEPS: readonly PlanStep[] = []

interface WorkbenchProps {
  label: string
  text: string
  onText: (text: string) => void
  checked: CheckedText
  readOnly?: boolean
  /** above the text */
  note?: ReactNode
  actions?: ReactNode
}

/** Editor and step graph side by side, each selecting the other, and what is wrong under them. */
export function Workbench({ label, text, onText, checked, readOnly = false, note, actions }: WorkbenchProps) {
  const [goTo, setGoTo] = useState<{ line: number } | null>(null)
  const [line, setLine] = useState(1)
  const { catalogue } = useCatalogue()
  const plan = checked.result?.ok ? checked.result.manifest.steps : NO_STEPS
  const lines = useMemo(() => stepLines(text, plan), [text, plan])
  const select = (step: string) => {
    const at = lines.get(step)
    if (at !== undefined) setGoTo({ line: at })
  }
  return (
    <div className={classes.bench}>
      <div className={classes.text}>
        <Card
          flush
          title="Manifest"
          aside={
            <>
              {note}
              {actions}
            </>
          }
        >
          <div className={classes.editor}>
            <YamlEditor
              label={label}
              value={text}
              onChange={onText}
              onLine={setLine}
              readOnly={readOnly}
              problems={checked.problems}
              catalogue={catalogue}
              goTo={goTo}
            />
          </div>
        </Card>
      </div>
      <div className={classes.side}>
        <Meaning checked={checked} plan={plan} selected={stepAt(lines, line)} onSelect={select} />
        {checked.problems.length > 0 ? (
          <Card title="Problems">
            <Problems problems={checked.problems} onPick={({ line: at = 1 }) => setGoTo({ line: at })} />
          </Card>
        ) : null}
      </div>
    </div>
  )
}

interface StepsProps {
  checked: CheckedText
  plan: readonly PlanStep[]
  selected: ReturnType<typeof stepAt>
  onSelect: (step: string) => void
}

/** What the text would do: steps and when they start, or, of an event policy, what it reacts to. */
function Meaning(props: StepsProps) {
  const { checked } = props
  const { policy, schedule } = checked.result?.ok ? checked.result.manifest : { policy: null, schedule: null }
  if (policy !== null) return <TypedPolicy policy={policy} aside={<Health checked={checked} />} />
  return (
    <>
      <Steps {...props} />
      {schedule === null ? null : <TypedSchedule rules={schedule} />}
    </>
  )
}

function Steps({ checked, plan, selected, onSelect }: StepsProps) {
  const nodes = useMemo(() => planNodes(plan), [plan])
  return (
    <Card flush title="Steps" aside={<Health checked={checked} />}>
      <div className={classes.graph}>
        {nodes.length > 0 ? (
          <StepGraph
            label="Steps of the workflow"
            steps={nodes}
            direction="down"
            fill
            selected={selected}
            onSelect={onSelect}
          />
        ) : (
          <p className={classes.noGraph}>The steps are drawn as soon as the text is valid.</p>
        )}
      </div>
    </Card>
  )
}

function Health({ checked }: { checked: CheckedText }) {
  if (checked.result === null) return null
  const errors = checked.problems.filter(({ severity }) => severity === 'error').length
  return (
    <output className={classes.health} data-ok={checked.ok}>
      <Icon name={checked.ok ? 'check' : 'cross'} size={13} />
      {checked.ok ? 'Valid' : `${errors} ${errors === 1 ? 'problem' : 'problems'}`}
    </output>
  )
}
