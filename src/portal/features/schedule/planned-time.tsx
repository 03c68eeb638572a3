/** The exact time by the clocks that the schedule means: `Thu, 26 Nov 2026, 09:00 CET`. */
export function PlannedTime({ at, timezone }: { at: string; timezone: string | null }) {
  const text = new Date(at).toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone ?? 'UTC',
    timeZoneName: 'short'
  })
  return <time dateTime={at}>{text}</time>
}
