import { Link } from '@tanstack/react-router'
import { useMay, useProject, useSession } from './current.ts'
import classes from './frame.module.css'

const ALL = [
  { to: '/p/$project/settings/gitops', word: 'GitOps' },
  { to: '/p/$project/settings/guardrails', word: 'Guardrails' },
  { to: '/p/$project/settings/hooks', word: 'Hooks' },
  { to: '/p/$project/settings/members', word: 'Members' },
  { to: '/p/$project/settings/tokens', word: 'Tokens' },
  { to: '/p/$project/settings/audit', word: 'Audit' },
  { to: '/p/$project/settings/users', word: 'Users' }
] as const

export function useSettingsPages() {
  const { manage } = useMay()
  const { isAdmin } = useSession().user
  const hidden = new Set<string>([...(manage || isAdmin ? [] : ['Audit']), ...(isAdmin ? [] : ['Users'])])
  return ALL.filter(({ word }) => !hidden.has(word))
}

export function SettingsTabs() {
  const project = useProject()
  const pages = useSettingsPages()
  return (
    <nav aria-label="Settings" className={classes.tabs}>
      {pages.map(({ to, word }) => (
        <Link key={to} to={to} params={{ project }}>
          {word}
        </Link>
      ))}
    </nav>
  )
}
