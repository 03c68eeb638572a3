import { Button, Group } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useEffect } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { useCheckedText } from './checked-text.ts'
import { useDestination } from './queries.ts'
import { RebaseDialog } from './rebase-dialog.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { useTypedText } from './typed-text.ts'
import { Workbench } from './workbench.tsx'

/** The text as it is typed, over the one that it was taken from. */
export function DefinitionTab({ workflow }: { workflow: Workflow }) {
  const { edit } = useMay()
  const project = useProject()
  const { text, setText, dirty, stale, rebase } = useTypedText(`typed ${project}/${workflow.name}`, workflow.head)
  const checked = useCheckedText(text, workflow.path)
  const [saving, { open: save, close: endSaving }] = useDisclosure(false)
  const [rebasing, { open: compare, close: endComparing }] = useDisclosure(false)
  useLeaveGuard(dirty)
  return (
    <>
      <Workbench
        label={`Manifest of ${workflow.name}`}
        text={text}
        onText={setText}
        readOnly={!edit}
        checked={checked}
        note={stale ? <Newer onCompare={compare} /> : null}
        actions={
          <Actions
            dirty={dirty}
            ready={dirty && checked.ok}
            onUndo={() => rebase(workflow.head)}
            onSave={stale ? compare : save}
          />
        }
      />
      <SaveDialog
        workflow={workflow}
        text={text}
        opened={saving}
        onClose={endSaving}
        onMoved={() => {
          endSaving()
          compare()
        }}
      />
      <RebaseDialog
        name={workflow.name}
        newer={workflow.head}
        mine={text}
        opened={rebasing}
        onClose={endComparing}
        onDone={(rebased) => {
          rebase(rebased)
          endComparing()
        }}
      />
    </>
  )
}

function Newer({ onCompare }: { onCompare: () => void }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <span>A newer text came in; yours is kept.</span>
      <Button size="compact-xs" variant="default" onClick={onCompare}>
        Compare
      </Button>
    </Group>
  )
}

interface ActionsProps {
  dirty: boolean
  ready: boolean
  onUndo: () => void
  onSave: () => void
}

function Actions({ dirty, ready, onUndo, onSave }: ActionsProps) {
  const { edit } = useMay()
  const { verb } = useDestination()
  const narrow = useMediaQuery('(max-width: 48em)')
  if (!edit) return null
  return (
    <>
      {dirty ? (
        <Button size="xs" variant="subtle" onClick={onUndo}>
          Undo edits
        </Button>
      ) : null}
      <Button
        size="xs"
        disabled={!ready}
        leftSection={narrow ? null : <Icon name="commit" size={13} />}
        onClick={onSave}
      >
        {verb}…
      </Button>
    </>
  )
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
