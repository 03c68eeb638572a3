import { Modal, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Failed } from '../../ui/blank.tsx'
import { TextDiff } from '../editor/text-diff.tsx'
import { RestoreRevision } from './restore-revision.tsx'

interface RevisionDialogProps {
  name: string
  /** null: closed */
  number: number | null
  onClose: () => void
}

/** What a revision changed, and the way back to it. */
export function RevisionDialog({ name, number, onClose }: RevisionDialogProps) {
  const title = number === null ? '' : `Revision ${number}, and what it changed`
  return (
    <Modal opened={number !== null} onClose={onClose} title={title} size={880}>
      {number === null ? null : <RevisionText name={name} number={number} onRestored={onClose} />}
    </Modal>
  )
}

function RevisionText({ name, number, onRestored }: { name: string; number: number; onRestored: () => void }) {
  const api = useApi()
  const project = useProject()
  const text = (n: number) =>
    n === 0
      ? Promise.resolve('')
      : api.call('GET /projects/:project/workflows/:name/revisions/:number/manifest', {
          params: { project, name, number: String(n) }
        })
  const query = useQuery({
    queryKey: [...keys.revisions(project, name), number],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [before, after] = await Promise.all([text(number - 1).catch(() => ''), text(number)])
      return { before, after }
    }
  })
  if (query.isPending) return <Skeleton height={320} />
  if (query.isError) return <Failed what={`Revision ${number}`} error={query.error} />
  return (
    <Stack>
      <TextDiff {...query.data} label={`Revision ${number} of ${name}`} whole />
      <RestoreRevision name={name} number={number} text={query.data.after} onDone={onRestored} />
    </Stack>
  )
}
