import { Button, SegmentedControl } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { POLICY_TEMPLATES, TEMPLATES } from '../../../manifest/index.ts'
import { useProject } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { Page } from '../../ui/page.tsx'
import { useCheckedText } from './checked-text.ts'
import { CreateDialog } from './create-dialog.tsx'
import { useDestination } from './queries.ts'
import { TemplateForm } from './template-form.tsx'
import { Workbench } from './workbench.tsx'
import classes from './workflow.module.css'

const WAYS = [
  { value: 'template', label: 'From a template' },
  { value: 'text', label: 'Paste or write' }
]

/** A new workflow, or event policy: fill in a template or bring a text, look at its steps, commit it. */
export function NewWorkflowPage() {
  const project = useProject()
  const word = useSearch({ from: '/signed-in/p/$project/workflows/new' }).kind ?? 'workflow'
  const { verb } = useDestination()
  const [way, setWay] = useState('template')
  const [text, setText] = useState('')
  const checked = useCheckedText(text, null)
  const [saving, { open, close }] = useDisclosure(false)
  const name = checked.result?.ok ? checked.result.manifest.name : null
  return (
    <Page
      title={`New ${word}`}
      lead={
        <>
          It becomes the file <code>{`litmus/${project}/${name ?? '<name>'}.yaml`}</code>.
        </>
      }
    >
      <div className={classes.choices}>
        <div>
          <SegmentedControl data={WAYS} value={way} onChange={setWay} aria-label="How to begin" />
        </div>
        {way === 'template' ? (
          <TemplateForm key={word} templates={word === 'policy' ? POLICY_TEMPLATES : TEMPLATES} onText={setText} />
        ) : null}
      </div>
      <Workbench
        label={`Manifest of the new ${word}`}
        text={text}
        onText={setText}
        checked={text.trim() === '' ? { result: null, problems: [], ok: false } : checked}
        actions={
          <Button size="xs" disabled={name === null} leftSection={<Icon name="commit" size={13} />} onClick={open}>
            {verb}…
          </Button>
        }
      />
      {name === null ? null : <CreateDialog name={name} text={text} opened={saving} onClose={close} />}
    </Page>
  )
}
