import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useId } from 'react'
import { Icon } from './icon.tsx'
import list from './list.module.css'

interface FilterFoldProps {
  /** how many of the filters narrow the list down */
  count: number
  children: ReactNode
}

/** Filters in a toolbar. On a narrow page they are behind a button, so that the list begins on the first screen. */
export function FilterFold({ count, children }: FilterFoldProps) {
  const [opened, { toggle }] = useDisclosure(false)
  const id = useId()
  return (
    <>
      <div className={list.unfold}>
        <Button
          variant="default"
          fullWidth
          leftSection={<Icon name="settings" size={14} />}
          aria-expanded={opened}
          aria-controls={id}
          onClick={toggle}
        >
          {count === 0 ? 'Filters' : `Filters (${count} set)`}
        </Button>
      </div>
      <div id={id} className={list.filters} data-opened={opened}>
        {children}
      </div>
    </>
  )
}
