import { UnstyledButton } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import classes from './frame.module.css'

const Palette = lazy(() => import('../features/palette/palette.tsx').then((part) => ({ default: part.Palette })))

const KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

/** Opens the command palette; so does its key, also while one types. */
export function PaletteButton() {
  const [opened, { open, close }] = useDisclosure(false)
  // once it was open it stays, closed: a dialog that it opened outlives it
  const [wanted, setWanted] = useState(false)
  const show = () => {
    setWanted(true)
    open()
  }
  useHotkeys([['mod+K', show]], [], true)
  return (
    <>
      <UnstyledButton className={classes.search} aria-label={`Search or do… ${KEY}`} onClick={show}>
        <Icon name="search" size={15} />
        <span>Search or do…</span>
        <kbd>{KEY}</kbd>
      </UnstyledButton>
      <Suspense>{wanted ? <Palette opened={opened} onClose={close} /> : null}</Suspense>
    </>
  )
}
