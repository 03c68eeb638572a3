import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RepositoryFile } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, IGNORED, SYNC_STATES } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Problems } from '../../ui/problems.tsx'
import { FileLink } from '../../ui/repository-links.tsx'
import classes from './gitops.module.css'

const PAGE = 25

/** Every file of the project's folder, with what became of it and why. */
export function FilesCard() {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  return (
    <Card title="Files" flush>
      <div className={list.toolbar}>
        <TextInput
          aria-label="Search files"
          placeholder="Search by path"
          leftSection={<Icon name="search" size={14} />}
          value={typed}
          w={{ base: '100%', sm: 300 }}
          maxLength={200}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <Files key={q} q={q} />
    </Card>
  )
}

function Files({ q }: { q: string }) {
  // where each page after the first begins, as far as they were turned
  const [turned, setTurned] = useState<readonly string[]>([])
  const query = useFilePage(q, turned.at(-1))
  if (query.isPending) return <ListSkeleton rows={3} />
  if (query.isError) return <Failed what="The files" error={query.error} onRetry={() => void query.refetch()} />
  const { items, next } = query.data
  if (items.length === 0 && turned.length === 0) return <p className={classes.none}>{noneWords(q)}</p>
  return (
    <>
      <FileTable files={items} />
      <Pager
        what="files"
        page={turned.length + 1}
        hasNext={next !== null}
        pending={query.isPlaceholderData}
        onPrevious={() => setTurned(turned.slice(0, -1))}
        onNext={() => next !== null && setTurned([...turned, next])}
      />
    </>
  )
}

function noneWords(q: string): string {
  if (q !== '') return `No path has "${q}" in it.`
  return 'The folder is empty yet. Push a file to it, or save a workflow here: it becomes one.'
}

function useFilePage(q: string, cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.files(project), q, cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/gitops/files', {
        params: { project },
        query: { q: q === '' ? undefined : q, cursor, limit: PAGE },
        signal
      }),
    placeholderData: (before) => before
  })
}

function FileTable({ files }: { files: readonly RepositoryFile[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>File</th>
          <th>State</th>
          <th>Workflow</th>
          <th>Last commit</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <Row key={file.path} file={file} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ file }: { file: RepositoryFile }) {
  const project = useProject()
  const { path, state, note, workflow, commit, problems } = file
  return (
    <tr>
      <td>
        <FileLink path={path} commit={commit} />
        {note ? <div className={list.sub}>{note}</div> : null}
        <Problems problems={problems} file={{ path, commit }} />
      </td>
      <td data-label="State">
        <Chip face={state === 'ignored' ? IGNORED : SYNC_STATES[state]} />
      </td>
      <td data-label="Workflow">
        {workflow === null ? null : (
          <Link to="/p/$project/workflows/$name" params={{ project, name: workflow }} className={list.name}>
            {workflow}
          </Link>
        )}
      </td>
      <td data-label="Last commit">{commit === null ? null : <Commit id={commit} />}</td>
    </tr>
  )
}
