import { Link } from '@tanstack/react-router'
import { useMay, useProject } from './current.ts'
import classes from './frame.module.css'

const ALL = [
  { to: '/p/$project/settings/gitops', word: 'GitOps' },
  { to: '/p/$project/settings/infrastructures', word: 'Infrastructures' },
  { to: '/p/$project/settings/guardrails', word: 'Guardrails' },
  { to: '/p/$project/settings/members', word: 'Members' },
  { to: '/p/$project/settings/tokens', word: 'Tokens' },
  { to: '/p/$project/settings/audit', word: 'Audit' }
] as const

export function useSettingsPages() {
  const { manage } = useMay()
  return ALL.filter(({ word }) => manage || word !== 'Audit')
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
