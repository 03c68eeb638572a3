import { Failed } from '../ui/blank.tsx'

/** A page that could not be shown: its own error, or a part of a newer release that this tab does not have. */
export function BrokenPage({ error }: { error: unknown }) {
  return <Failed what="This page" error={error} onRetry={() => window.location.reload()} />
}
