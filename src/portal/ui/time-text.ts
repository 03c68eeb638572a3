const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago or ahead: `just now`, `4 min ago`, `in 12 s`, `3 days ago`. */
export function sinceText(at: number, now: number): string {
  const ms = now - at
  const ahead = ms < 0
  const size = Math.abs(ms)
  if (size < 5 * SECOND) return ahead ? 'any moment' : 'just now'
  const text = amount(size)
  return ahead ? `in ${text}` : `${text} ago`
}

function amount(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  const days = Math.floor(ms / DAY)
  return days === 1 ? '1 day' : `${days} days`
}
