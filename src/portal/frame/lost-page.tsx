import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/blank.tsx'

export function LostPage() {
  return (
    <main>
      <Empty
        title="There is no page here"
        action={
          <Button component={Link} to="/">
            Open Faultline
          </Button>
        }
      >
        The address may be mistyped, or what it showed is gone.
      </Empty>
    </main>
  )
}
