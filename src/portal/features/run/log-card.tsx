import { Switch, TextInput } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Fact, offsetText } from '../../../domain/index.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { type LogLine, logLines } from './log-line.ts'
import classes from './run.module.css'

/** More lines than this would make the page slow; the search still looks at all. */
const SHOWN = 1000

interface LogCardProps {
  facts: readonly Fact[]
  /** only lines of this step */
  step: string | null
  startedAt: number
  live: boolean
}

/** The log, as it grows; it can be searched, and follows its end unless told not to. */
export function LogCard({ facts, step, startedAt, live }: LogCardProps) {
  const [search, setSearch] = useState('')
  const [follow, setFollow] = useState(true)
  const lines = useMemo(() => logLines(facts), [facts])
  const found = lines.filter((line) => matches(line, search) && (step === null || line.step === step))
  const box = useRef<HTMLDivElement>(null)
  const count = found.length
  useEffect(() => {
    if (live && follow && count > 0 && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [live, follow, count])
  return (
    <Card
      flush
      title="Log"
      aside={
        <>
          {live ? (
            <Switch
              size="xs"
              label="Follow"
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
            />
          ) : null}
          <TextInput
            size="xs"
            aria-label="Search the log"
            placeholder="Search"
            leftSection={<Icon name="search" size={13} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            w={{ base: 140, sm: 220 }}
          />
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className={classes.log} ref={box} tabIndex={0} role="log" aria-label="Log lines">
        {count === 0 ? <p className={classes.none}>{lines.length === 0 ? 'No line yet.' : 'No line fits.'}</p> : null}
        {found.slice(-SHOWN).map((line) => (
          <Line key={line.seq} line={line} startedAt={startedAt} />
        ))}
      </div>
    </Card>
  )
}

function Line({ line, startedAt }: { line: LogLine; startedAt: number }) {
  return (
    <div className={classes.line} data-level={line.level}>
      <time dateTime={new Date(line.at).toISOString()}>{offsetText(line.at - startedAt)}</time>
      <span className={classes.lineStep}>{line.step?.slice(line.step.lastIndexOf('/') + 1) ?? 'run'}</span>
      <span>{line.text}</span>
    </div>
  )
}

function matches(line: LogLine, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return wanted === '' || `${line.step ?? 'run'} ${line.text}`.toLowerCase().includes(wanted)
}
