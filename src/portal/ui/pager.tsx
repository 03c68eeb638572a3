import { Button } from '@mantine/core'
import list from './list.module.css'

interface PagerProps {
  /** names of what is listed, for people */
  what: string
  /** 1 = the first */
  page: number
  hasNext: boolean
  pending: boolean
  onPrevious: () => void
  onNext: () => void
}

/** Under a list of which one page is shown at a time, however long it is. Where all fits, there is nothing to turn. */
export function Pager({ what, page, hasNext, pending, onPrevious, onNext }: PagerProps) {
  if (page === 1 && !hasNext) return null
  return (
    <nav className={list.pager} aria-label={`Pages of ${what}`}>
      <Button variant="default" disabled={page === 1} onClick={onPrevious}>
        Previous
      </Button>
      <output>Page {page}</output>
      <Button variant="default" disabled={!hasNext} loading={pending} onClick={onNext}>
        Next
      </Button>
    </nav>
  )
}
