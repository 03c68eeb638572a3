import { SimpleGrid, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { WorkflowTemplate } from '../../../manifest/index.ts'
import { Card } from '../../ui/page.tsx'
import classes from './workflow.module.css'

interface TemplateFormProps {
  templates: readonly WorkflowTemplate[]
  onText: (text: string) => void
}

type Values = Record<string, string>

/** Choose a template and fill it in; its text is written anew with every change. */
export function TemplateForm({ templates, onText }: TemplateFormProps) {
  const [chosen, setChosen] = useState(templates[0])
  const [typed, setTyped] = useState<Values>({})
  const write = (template: WorkflowTemplate | undefined, values: Values) => {
    if (template !== undefined) onText(template.render(filled(template, values)))
  }
  // the first template is there from the start
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, so that a text edited by hand is not overwritten
  useEffect(() => write(chosen, typed), [])
  if (chosen === undefined) return null
  const choose = (template: WorkflowTemplate) => {
    setChosen(template)
    write(template, typed)
  }
  const type = (field: string, value: string) => {
    const values = { ...typed, [field]: value }
    setTyped(values)
    write(chosen, values)
  }
  return (
    <>
      <Choices templates={templates} chosen={chosen} onChoose={choose} />
      <Card>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
          {chosen.fields.map((field) => (
            <TextInput
              key={field.name}
              label={field.label}
              description={field.help}
              value={typed[field.name] ?? field.default}
              onChange={(event) => type(field.name, event.currentTarget.value)}
            />
          ))}
        </SimpleGrid>
      </Card>
    </>
  )
}

interface ChoicesProps {
  templates: readonly WorkflowTemplate[]
  chosen: WorkflowTemplate
  onChoose: (template: WorkflowTemplate) => void
}

function Choices({ templates, chosen, onChoose }: ChoicesProps) {
  return (
    <div className={classes.templates}>
      {templates.map((template) => (
        <button
          key={template.id}
          type="button"
          className={classes.template}
          aria-pressed={template.id === chosen.id}
          onClick={() => onChoose(template)}
        >
          <strong>{template.title}</strong>
          <span>{template.description}</span>
        </button>
      ))}
    </div>
  )
}

function filled(template: WorkflowTemplate, typed: Values): Values {
  return Object.fromEntries(template.fields.map((field) => [field.name, typed[field.name] ?? field.default]))
}
