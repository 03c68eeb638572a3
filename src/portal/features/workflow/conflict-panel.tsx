import { Button, Group } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Workflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { hasCode } from '../../client/problem-error.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Commit } from '../../ui/copy.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { TextDiff } from '../editor/text-diff.tsx'
import classes from './workflow.module.css'

type Conflict = NonNullable<Workflow['conflict']>

/** Both sides changed the workflow: both texts, who and when, and which one stays. */
export function ConflictPanel({ name, conflict }: { name: string; conflict: Conflict }) {
  const { edit } = useMay()
  const narrow = useMediaQuery('(max-width: 62em)')
  const resolve = useResolve(name, conflict.gitCommit)
  const keep = (side: 'git' | 'portal', label: string) => (
    <Button
      size="xs"
      variant="default"
      disabled={!edit}
      loading={resolve.isPending && resolve.variables === side}
      onClick={() => resolve.mutate(side)}
    >
      {label}
    </Button>
  )
  return (
    <Card title="Git and the portal both changed this workflow">
      {hasCode(resolve.error, 'api/moved') ? <Moved /> : <FormProblem error={resolve.error} />}
      <div className={classes.sides}>
        <Group justify="space-between" gap="xs">
          <div>
            <strong>In git</strong>, {conflict.gitAuthor}, <When at={conflict.gitAt} />{' '}
            <Commit id={conflict.gitCommit} />
            {conflict.gitText === null ? <div>The file was deleted.</div> : null}
          </div>
          {keep('git', 'Keep git’s')}
        </Group>
        <Group justify="space-between" gap="xs">
          <div>
            <strong>In the portal</strong>, {conflict.portalAuthor}, <When at={conflict.portalAt} />
            {conflict.portalText === null ? <div>The workflow was deleted.</div> : null}
          </div>
          {keep('portal', 'Keep the portal’s')}
        </Group>
      </div>
      <TextDiff
        before={conflict.gitText ?? ''}
        after={conflict.portalText ?? ''}
        label="Git's text against the portal's"
        split={!narrow}
      />
      <Further name={name} />
    </Card>
  )
}

/** To the page where the result is put together. */
function Further({ name }: { name: string }) {
  const { edit } = useMay()
  const project = useProject()
  return (
    <Group justify="space-between" gap="xs" mt="sm">
      <p className={classes.hint}>
        The text that is not kept stays readable in the history. Other workflows are not held up by this.
      </p>
      {edit ? (
        <Button
          size="xs"
          component={Link}
          to="/p/$project/workflows/$name/conflict"
          params={{ project, name } as never}
        >
          Take some of both…
        </Button>
      ) : null}
    </Group>
  )
}

export function Moved() {
  return (
    <p className={classes.moved} role="alert">
      Git has moved on since this page was opened, and nothing was decided. Below is what both sides have now: look at
      it, then choose again.
    </p>
  )
}

/** The word is about what was seen: if git has another text by now, it is refused, and the page shows that one. */
function useResolve(name: string, seen: string) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (keep: 'git' | 'portal') =>
      api.call('POST /projects/:project/workflows/:name/resolve', { params: { project, name }, body: { keep, seen } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(project) })
  })
}
