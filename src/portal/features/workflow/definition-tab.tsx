import { Button, Group } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { useCheckedText } from './checked-text.ts'
import { useDestination } from './queries.ts'
import { SaveDialog } from './save-dialog.tsx'
import { Workbench } from './workbench.tsx'

/** The text as it is typed, over the one that it was taken from. */
export function DefinitionTab({ workflow }: { workflow: Workflow }) {
  const { edit } = useMay()
  const { verb } = useDestination()
  const narrow = useMediaQuery('(max-width: 48em)')
  const { text, setText, dirty, stale, takeNewer } = useTyped(workflow.head)
  const checked = useCheckedText(text, workflow.path)
  const [saving, { open, close }] = useDisclosure(false)
  useLeaveGuard(dirty)
  return (
    <>
      <Workbench
        label={`Manifest of ${workflow.name}`}
        text={text}
        onText={setText}
        readOnly={!edit}
        checked={checked}
        note={
          stale ? (
            <Group gap="xs">
              <span>A newer text came in; yours is kept.</span>
              <Button size="compact-xs" variant="default" onClick={takeNewer}>
                Take the newer
              </Button>
            </Group>
          ) : null
        }
        actions={
          edit ? (
            <>
              {dirty ? (
                <Button size="xs" variant="subtle" onClick={() => setText(workflow.head)}>
                  Undo edits
                </Button>
              ) : null}
              <Button
                size="xs"
                disabled={!dirty || !checked.ok}
                leftSection={narrow ? null : <Icon name="commit" size={13} />}
                onClick={open}
              >
                {verb}…
              </Button>
            </>
          ) : null
        }
      />
      <SaveDialog workflow={workflow} text={text} opened={saving} onClose={close} />
    </>
  )
}

/** A newer text from elsewhere replaces what is shown only while nothing was typed. */
function useTyped(head: string) {
  const [base, setBase] = useState(head)
  const [text, setText] = useState(head)
  const dirty = text !== head
  const untouched = text === base
  useEffect(() => {
    if (base === head || !(untouched || !dirty)) return
    setBase(head)
    setText(head)
  }, [base, head, untouched, dirty])
  const takeNewer = () => {
    setBase(head)
    setText(head)
  }
  return { text, setText, dirty, stale: dirty && base !== head, takeNewer }
}

/** The browser asks before typed text is lost. */
function useLeaveGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return
    const guard = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [dirty])
}
