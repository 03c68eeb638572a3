import { Tooltip } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { useState } from 'react'
import { durationText } from '../../domain/index.ts'
import { sinceText } from './time-text.ts'

/** The reader's clock, read again every `ms`. */
export function useNow(ms: number): number {
  const [now, setNow] = useState(() => Date.now())
  useInterval(() => setNow(Date.now()), ms, { autoInvoke: true })
  return now
}

/** Relative, with the exact time in the reader's zone on hover. */
export function When({ at }: { at: string }) {
  const now = useNow(5000)
  const exact = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })
  return (
    <Tooltip label={exact}>
      <time dateTime={at}>{sinceText(Date.parse(at), now)}</time>
    </Tooltip>
  )
}

/** How long something took, or takes until now. */
export function Lasting({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(1000)
  if (from === null) return <>–</>
  return <>{durationText((to === null ? now : Date.parse(to)) - Date.parse(from))}</>
}
