import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { EditRequest } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { messageOf } from '../../client/problem-error.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Chip, SYNC_STATES } from '../../ui/chip.tsx'
import { When } from '../../ui/when.tsx'
import classes from './workflow.module.css'

const ACTIONS: Record<EditRequest['action'], string> = {
  save: 'Change',
  rename: 'Rename',
  delete: 'Deletion',
  restore: 'Restore',
  'keep-git': 'Keep git’s text',
  'keep-portal': 'Keep the portal’s text',
  resolve: 'A text of both'
}

/** Edits on their way to git: what waits, since when, why, and the way to give it up. `named`: they are of several workflows. */
export function OpenEdits({ edits, named = false }: { edits: readonly EditRequest[]; named?: boolean }) {
  const open = edits.filter(({ state }) => state === 'open' || state === 'conflict')
  if (open.length === 0) return null
  return (
    <ul className={classes.edits} aria-label="Edits on their way to git">
      {open.map((edit) => (
        <OpenEdit key={edit.id} edit={edit} named={named} />
      ))}
    </ul>
  )
}

function OpenEdit({ edit, named }: { edit: EditRequest; named: boolean }) {
  const project = useProject()
  const { edit: may } = useMay()
  const discard = useDiscard(edit)
  return (
    <li>
      <Chip face={SYNC_STATES[edit.state === 'conflict' ? 'conflict' : 'waiting-for-git']} />
      <div className={classes.editWords}>
        <strong>
          {ACTIONS[edit.action]}: {edit.message}
        </strong>
        <span>
          {named ? (
            <>
              <Link to="/p/$project/workflows/$name" params={{ project, name: edit.name }}>
                {edit.name}
              </Link>
              {', '}
            </>
          ) : null}
          {edit.author}, <When at={edit.createdAt} />
          {edit.reason ? <> · {edit.reason}</> : null}
        </span>
      </div>
      {may ? (
        <Button size="xs" variant="default" loading={discard.isPending} onClick={() => discard.mutate()}>
          Discard
        </Button>
      ) : null}
    </li>
  )
}

function useDiscard({ id }: EditRequest) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('POST /projects/:project/edits/:edit/discard', { params: { project, edit: id } }),
    onSuccess: () => notifications.show({ message: 'The edit was discarded. Its text stays readable.' }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The edit was not discarded', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}
