import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Pass, PassTexts } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { FileLink } from '../../ui/repository-links.tsx'
import { TextDiff } from '../editor/text-diff.tsx'
import { actionWord, filesOf, type PassFile } from './pass-words.ts'
import classes from './passes.module.css'

/** What one pass did, file by file; a pass that was is read once. */
export function PassFiles({ pass: { id: pass, from, tip } }: { pass: Pass }) {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: keys.pass(project, pass),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/gitops/passes/:pass', { params: { project, pass }, signal })
  })
  if (query.isPending) return <ListSkeleton rows={1} />
  if (query.isError) return <Failed what="This pass" error={query.error} onRetry={() => void query.refetch()} />
  return (
    <ul className={classes.files} aria-label="Files of the pass">
      {filesOf(query.data.items).map((file) => (
        <File key={file.path} pass={pass} file={file} commit={isDeleted(file) ? from : tip} />
      ))}
    </ul>
  )
}

function isDeleted({ lines }: PassFile): boolean {
  return lines.some(({ action }) => action === 'delete')
}

interface FileProps {
  pass: string
  file: PassFile
  /** at which it was there */
  commit: string | null
}

function File({ pass, file: { path, lines, texts }, commit }: FileProps) {
  const [open, setOpen] = useState(false)
  return (
    <li>
      <div className={classes.file}>
        <div>
          <FileLink path={path} commit={commit} />
          {lines.map(({ action, note }) => (
            <p key={`${action} ${note}`}>
              <b>{actionWord(action)}</b> {note}
            </p>
          ))}
        </div>
        {texts === null ? null : (
          <Button
            size="xs"
            variant="default"
            aria-expanded={open}
            aria-label={`${open ? 'Hide' : 'Show'} difference of ${path}`}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide difference' : 'Show difference'}
          </Button>
        )}
      </div>
      {open && texts !== null ? <Difference pass={pass} item={texts} path={path} /> : null}
    </li>
  )
}

function Difference({ pass, item, path }: { pass: string; item: number; path: string }) {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: [...keys.pass(project, pass), item],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/gitops/passes/:pass/items/:item', {
        params: { project, pass, item: String(item) },
        signal
      })
  })
  if (query.isPending) return <Skeleton height={160} mt={8} />
  if (query.isError) return <Failed what="The texts" error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div className={classes.difference}>
      <Texts texts={query.data} path={path} />
    </div>
  )
}

function Texts({ texts: { before, after, tooLarge }, path }: { texts: PassTexts; path: string }) {
  if (tooLarge) return <p>The texts are too large to be compared here; the history of the workflow has both.</p>
  return <TextDiff before={before ?? ''} after={after ?? ''} label={`Difference of ${path}`} />
}
