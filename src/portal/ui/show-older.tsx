import { Button } from '@mantine/core'
import list from './list.module.css'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage(): Promise<unknown>
}

/** Under a list that has more pages: brings the next one. */
export function ShowOlder({ query }: { query: Pages }) {
  if (!query.hasNextPage) return null
  return (
    <div className={list.more}>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show older
      </Button>
    </div>
  )
}
