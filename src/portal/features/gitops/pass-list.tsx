import { SegmentedControl, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Pass } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { PASS_OUTCOMES, type PassOutcome } from '../../frame/pass-filter.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, type Face } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { When } from '../../ui/when.tsx'
import { countWords } from './pass-words.ts'
import classes from './passes.module.css'

const PassFiles = lazy(() => import('./pass-files.tsx').then((part) => ({ default: part.PassFiles })))

const OUTCOMES: Record<PassOutcome, Face> = {
  changed: { word: 'Changed', icon: 'check', tone: 'pass' },
  failed: { word: 'Failed', icon: 'alert', tone: 'fail' },
  withheld: { word: 'Withheld', icon: 'hold', tone: 'wait' },
  nothing: { word: 'Nothing', icon: 'minus', tone: 'idle' }
}

const FROM = '/signed-in/p/$project/settings/gitops'
const ALL = 'all'
const CHOICES = [
  { value: ALL, label: 'All' },
  ...PASS_OUTCOMES.map((outcome) => ({ value: outcome as string, label: OUTCOMES[outcome].word }))
]

/** What each pass did, newest first; looks at a branch that has not moved are not kept. */
export function PassList() {
  const { passes: outcome } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: '/p/$project/settings/gitops' })
  const choose = (value: string) => {
    const search = value === ALL ? {} : { passes: value as PassOutcome }
    void navigate({ search, replace: true, resetScroll: false })
  }
  return (
    <Card title="History of passes" flush>
      <div className={list.toolbar}>
        <SegmentedControl
          aria-label="Outcome of the passes"
          className={classes.choices}
          size="xs"
          data={CHOICES}
          value={outcome ?? ALL}
          onChange={choose}
        />
      </div>
      <Passes outcome={outcome} />
    </Card>
  )
}

function Passes({ outcome }: { outcome: PassOutcome | undefined }) {
  const query = usePasses(outcome)
  if (query.isPending) return <ListSkeleton rows={3} />
  if (query.isError) return <Failed what="The history" error={query.error} onRetry={() => void query.refetch()} />
  const passes = query.data.pages.flatMap((page) => page.items)
  if (passes.length === 0) return <p className={classes.none}>{NONE[outcome ?? ALL]}</p>
  return (
    <>
      <ul className={classes.passes}>
        {passes.map((pass) => (
          <PassLine key={pass.id} pass={pass} />
        ))}
      </ul>
      <ShowOlder query={query} />
    </>
  )
}

const NONE: Record<PassOutcome | typeof ALL, string> = {
  all: 'No pass has changed anything yet.',
  changed: 'No pass has changed anything yet.',
  failed: 'No pass has failed.',
  withheld: 'No pass has withheld anything.',
  nothing: 'Every push so far was about this project.'
}

function usePasses(outcome: PassOutcome | undefined) {
  const api = useApi()
  const project = useProject()
  return useInfiniteQuery({
    queryKey: [...keys.passes(project), outcome ?? null],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/gitops/passes', {
        params: { project },
        query: { cursor: pageParam, limit: 20, outcome },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined
  })
}

function PassLine({ pass }: { pass: Pass }) {
  const [open, setOpen] = useState(false)
  const { id, outcome, message, counts, endedAt } = pass
  const words = countWords(counts)
  const files = `files-${id}`
  return (
    <li>
      <div className={classes.head}>
        <Chip face={OUTCOMES[outcome]} />
        <Range pass={pass} />
        {words === '' ? null : (
          <button
            type="button"
            className={classes.counts}
            aria-expanded={open}
            aria-controls={files}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? 'down' : 'right'} size={13} /> {words}
          </button>
        )}
        <small>
          <When at={endedAt} />
        </small>
      </div>
      {message ? <p className={classes.message}>{message}</p> : null}
      {outcome === 'nothing' ? (
        <p className={classes.message}>The branch went on; nothing in the folder changed.</p>
      ) : null}
      <div id={files}>
        {open ? (
          <Suspense fallback={<Skeleton height={60} />}>
            <PassFiles pass={pass} />
          </Suspense>
        ) : null}
      </div>
    </li>
  )
}

function Range({ pass: { from, tip } }: { pass: Pass }) {
  if (tip === null && from === null) return null
  if (tip === null || from === null || from === tip) return <Commit id={tip ?? from ?? ''} />
  return (
    <span className={classes.range}>
      <Commit id={from} />
      <Icon name="right" size={12} />
      <span className="visually-hidden">to</span>
      <Commit id={tip} />
    </span>
  )
}
