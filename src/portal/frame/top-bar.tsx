import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { AccountMenu } from './account-menu.tsx'
import { useProject } from './current.ts'
import classes from './frame.module.css'
import { KillSwitchButton } from './kill-switch.tsx'
import { PaletteButton } from './palette-button.tsx'
import { ProjectSwitch } from './project-switch.tsx'

export function TopBar() {
  const project = useProject()
  return (
    <div className={classes.top}>
      <Link to="/p/$project" params={{ project }} className={classes.brand} aria-label="Faultline, overview">
        <Mark />
        <span>Faultline</span>
      </Link>
      <ProjectSwitch />
      <div className={classes.spring} />
      <PaletteButton />
      <KillSwitchButton />
      <ThemeToggle />
      <AccountMenu />
    </div>
  )
}

function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const next = scheme === 'light' ? 'dark' : 'light'
  return (
    <Tooltip label={`Use ${next} colours`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Use ${next} colours`}
        onClick={() => setColorScheme(next)}
      >
        <Icon name={scheme === 'light' ? 'moon' : 'sun'} />
      </ActionIcon>
    </Tooltip>
  )
}
