import { Button } from '@mantine/core'
import { useLocation, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { PagePlace } from '../frame/page-place.ts'
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

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** the page was come to by turning the one before it in history */
    turned?: boolean
  }
}

/** The page in the address: Back and a reload come to it again, and a link leads to it. `go`: to another place, in a new entry of the history. */
export function useTurningByAddress({ page = 1, after }: PagePlace, go: (place: PagePlace) => void): Turning {
  const router = useRouter()
  const turned = useLocation({ select: ({ state }) => state.turned === true })
  return {
    cursor: after,
    pages: ({ next }) => ({
      page,
      hasNext: next !== null,
      // of a page that a link led to nobody knows the one before it
      onPrevious: () => (turned ? router.history.back() : go({})),
      onNext: () => next !== null && go({ page: page + 1, after: next })
    })
  }
}

interface Turning {
  /** where the page begins that is looked at; undefined = it is the first one */
  cursor: string | undefined
  /** what the pager needs of it, for the answer that is shown */
  pages(shown: { next: string | null }): Pick<PagerProps, 'page' | 'hasNext' | 'onPrevious' | 'onNext'>
}

/** Which page of a list is looked at: however many there are, the browser holds the rows of one. */
export function useTurning(): Turning {
  // where each page after the first begins, as far as they were turned
  const [turned, setTurned] = useState<readonly string[]>([])
  const turn = (pages: readonly string[]) => {
    setTurned(pages)
    window.scrollTo(0, 0)
  }
  return {
    cursor: turned.at(-1),
    pages: ({ next }) => ({
      page: turned.length + 1,
      hasNext: next !== null,
      onPrevious: () => turn(turned.slice(0, -1)),
      onNext: () => next !== null && turn([...turned, next])
    })
  }
}
