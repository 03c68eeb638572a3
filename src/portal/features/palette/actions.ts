import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMay, useProject, useSession } from '../../frame/current.ts'
import { useMayEngage } from '../../frame/kill-switch.tsx'
import { PAGES } from '../../frame/navigation.tsx'
import { useSettingsPages } from '../../frame/settings-tabs.tsx'
import { useGitops, useSyncNow } from '../gitops/queries.ts'
import type { Offer } from './offer.ts'

/** What is asked once the palette has closed. */
export type Followup = { kind: 'kill-switch' } | { kind: 'run'; workflow: string }

/** What else a page answers to. */
const PAGE_WORDS: Record<string, string> = {
  Overview: 'home start checklist',
  Events: 'releases workload changes decisions',
  GitOps: 'repository branch sync credentials webhook ssh',
  Infrastructures: 'agents connect',
  Guardrails: 'limits namespaces targets',
  Hooks: 'argo cd flux alertmanager cloudevents start webhook',
  Members: 'people users roles invite',
  Tokens: 'api keys',
  Audit: 'who changed what',
  Users: 'people accounts admins deactivate password reset'
}

/** Every page of the project that the reader may open, and the reader's other projects. */
export function usePages(): Offer[] {
  const project = useProject()
  const { projects } = useSession()
  const navigate = useNavigate()
  const settings = useSettingsPages().map(({ to, word }) => ({ to, word, icon: 'settings' as const }))
  const main = PAGES.filter(({ word }) => word !== 'Settings')
  const pages = [...main, ...settings].map(({ to, word, icon }): Offer => {
    const choose = () => void navigate({ to, params: { project } })
    const detail = icon === 'settings' ? { detail: 'Settings' } : {}
    return { key: `page ${to}`, group: 'Pages', icon, label: word, ...detail, words: PAGE_WORDS[word] ?? '', choose }
  })
  const others = projects.filter(({ id }) => id !== project)
  return [
    ...pages,
    ...others.map(({ id, name }): Offer => {
      const choose = () => void navigate({ to: '/p/$project', params: { project: id } })
      return { key: `project ${id}`, group: 'Projects', icon: 'branch', label: name, detail: id, choose }
    })
  ]
}

/** What can be done from anywhere, as far as the reader may. */
export function useActions(onFollowup: (followup: Followup) => void): Offer[] {
  const project = useProject()
  const { edit } = useMay()
  const engage = useMayEngage()
  const navigate = useNavigate()
  const sync = useSyncNow()
  const synced = useGitops().data?.enabled === true
  const theme = useThemeAction()
  const actions: (Offer | false)[] = [
    edit && {
      key: 'new workflow',
      group: 'Actions',
      icon: 'plus',
      label: 'New workflow',
      words: 'create add template',
      choose: () => void navigate({ to: '/p/$project/workflows/new', params: { project } })
    },
    edit &&
      synced && {
        key: 'sync',
        group: 'Actions',
        icon: 'sync',
        label: 'Sync now',
        words: 'git pull push',
        choose: () => sync.mutate()
      },
    theme,
    engage.may && {
      key: 'kill switch',
      group: 'Actions',
      icon: 'stop',
      label: 'Kill switch: stop every run',
      words: 'emergency halt everything',
      choose: () => onFollowup({ kind: 'kill-switch' })
    }
  ]
  return actions.filter((action) => action !== false)
}

function useThemeAction(): Offer {
  const { setColorScheme } = useMantineColorScheme()
  const next = useComputedColorScheme('light') === 'light' ? 'dark' : 'light'
  return {
    key: 'theme',
    group: 'Actions',
    icon: next === 'dark' ? 'moon' : 'sun',
    label: `Use ${next} colours`,
    words: 'theme scheme mode light dark',
    choose: () => setColorScheme(next)
  }
}
