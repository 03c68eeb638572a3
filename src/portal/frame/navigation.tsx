import { Link } from '@tanstack/react-router'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useProject } from './current.ts'
import classes from './frame.module.css'

export const PAGES = [
  { to: '/p/$project', word: 'Overview', icon: 'overview', exact: true },
  { to: '/p/$project/workflows', word: 'Workflows', icon: 'workflows', exact: false },
  { to: '/p/$project/runs', word: 'Runs', icon: 'runs', exact: false },
  { to: '/p/$project/events', word: 'Events', icon: 'bolt', exact: false },
  { to: '/p/$project/infrastructures', word: 'Infrastructures', icon: 'server', exact: false },
  { to: '/p/$project/settings', word: 'Settings', icon: 'settings', exact: false }
] as const satisfies { to: string; word: string; icon: IconName; exact: boolean }[]

/** Left on wide screens, a bar at the bottom on narrow ones. */
export function Navigation({ bar = false }: { bar?: boolean }) {
  const project = useProject()
  return (
    <nav aria-label="Pages" className={bar ? classes.bar : classes.list}>
      {PAGES.map(({ to, word, icon, exact }) => (
        <Link key={to} to={to} params={{ project }} activeOptions={{ exact, includeSearch: false }}>
          <Icon name={icon} size={bar ? 20 : 16} />
          <span>{word}</span>
        </Link>
      ))}
    </nav>
  )
}
