import { Link } from '@tanstack/react-router'
import type { Hook, HookDecision } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, DECISIONS } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { When } from '../../ui/when.tsx'
import { useDecisions } from './queries.ts'
import { SENDERS } from './sender-steps.ts'

/** What became of the calls of one hook, also where nothing was started. */
export function DecisionsCard({ hook }: { hook: Hook }) {
  const project = useProject()
  return (
    <Card
      flush
      title={`Decisions of ${hook.name}`}
      aside={
        <Link to="/p/$project/settings/hooks" params={{ project }}>
          Close
        </Link>
      }
    >
      <Decisions hook={hook} />
    </Card>
  )
}

function Decisions({ hook }: { hook: Hook }) {
  const { cursor, pages } = useTurning()
  const query = useDecisions(hook.id, cursor)
  if (query.isPending) return <ListSkeleton rows={3} />
  if (query.isError) return <Failed what="The decisions" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0 && cursor === undefined) {
    return (
      <Empty title="No call yet">
        Each call of {SENDERS[hook.kind]} stands here, with what was decided and why. Its menu says how to set up the
        sender.
      </Empty>
    )
  }
  return (
    <>
      <table className={list.list}>
        <thead>
          <tr>
            <th>What it told</th>
            <th>Decision</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {items.map((decision) => (
            <Row key={decision.id} decision={decision} />
          ))}
        </tbody>
      </table>
      <Pager what="decisions" pending={query.isPlaceholderData} {...pages(query.data)} />
    </>
  )
}

function Row({ decision: { subject, outcome, reason, request, at } }: { decision: HookDecision }) {
  const project = useProject()
  return (
    <tr>
      <td>
        <span className={list.name}>{subject}</span>
        <div className={list.sub}>
          {request?.reason ?? reason}{' '}
          {request?.run ? (
            <Link to="/p/$project/runs/$run" params={{ project, run: request.run }}>
              See the run<span className="visually-hidden"> of {subject}</span>
            </Link>
          ) : null}
        </div>
      </td>
      <td data-label="Decision">
        <Chip face={DECISIONS[outcome]} />
      </td>
      <td data-label="When">
        <When at={at} />
      </td>
    </tr>
  )
}
