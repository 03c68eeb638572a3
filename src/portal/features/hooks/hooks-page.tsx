import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { CreatedHook, Hook } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, HOOKS } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { DecisionsCard } from './decisions-card.tsx'
import { HookActions } from './hook-actions.tsx'
import classes from './hooks.module.css'
import { NewHookDialog } from './new-hook-dialog.tsx'
import { useHooks } from './queries.ts'
import { SENDERS } from './sender-steps.ts'
import { SetupDialog } from './setup-dialog.tsx'

/** With which other systems start workflows of the project. */
export function HooksPage() {
  const { manage } = useMay()
  const { hook: opened } = useSearch({ from: '/signed-in/p/$project/settings/hooks' })
  const [adding, { open, close }] = useDisclosure(false)
  const [made, setMade] = useState<CreatedHook | null>(null)
  const query = useHooks()
  const chosen = query.data?.items.find(({ id }) => id === opened)
  const add = manage ? (
    <Button size="xs" leftSection={<Icon name="plus" size={13} />} onClick={open}>
      New hook
    </Button>
  ) : null
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card flush title="Hooks that start a workflow" aside={query.data?.items.length ? add : null}>
        {query.isPending ? <ListSkeleton rows={2} /> : null}
        {query.isError ? <Failed what="The hooks" error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? <Hooks hooks={query.data.items} add={add} onSecret={setMade} /> : null}
      </Card>
      {chosen ? <DecisionsCard key={chosen.id} hook={chosen} /> : null}
      <NewHookDialog
        opened={adding}
        onClose={close}
        onCreated={(created) => {
          close()
          setMade(created)
        }}
      />
      {made ? <SetupDialog hook={made.hook} secret={made.secret} onClose={() => setMade(null)} /> : null}
    </Page>
  )
}

interface HooksProps {
  hooks: readonly Hook[]
  add: ReactNode
  onSecret: (created: CreatedHook) => void
}

function Hooks({ hooks, add, onSecret }: HooksProps) {
  const { manage } = useMay()
  if (hooks.length === 0) {
    return (
      <Empty title="No hook yet" action={add}>
        Argo CD, Flux, Alertmanager, or whatever sends CloudEvents, says that something happened, and a workflow runs.
        {manage ? '' : ' An owner can add a hook.'}
      </Empty>
    )
  }
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Starts</th>
          <th>State</th>
          <th>At most</th>
          <th>Calls</th>
          {manage ? <th>Action</th> : null}
        </tr>
      </thead>
      <tbody>
        {hooks.map((hook) => (
          <Row key={hook.id} hook={hook} onSecret={onSecret} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ hook, onSecret }: { hook: Hook; onSecret: (created: CreatedHook) => void }) {
  const { manage } = useMay()
  const project = useProject()
  const only = Object.entries(hook.only).map(([name, pattern]) => `${name} like ${pattern}`)
  return (
    <tr>
      <td>
        <span className={list.name}>{hook.name}</span>
        <div className={list.sub}>
          {SENDERS[hook.kind]}
          {only.length === 0 ? '' : `, only ${only.join(', ')}`}
        </div>
        <Refused hook={hook} />
      </td>
      <td data-label="Starts">
        <Link to="/p/$project/workflows/$name" params={{ project, name: hook.workflow }}>
          {hook.workflow}
        </Link>
      </td>
      <td data-label="State">
        <Chip face={HOOKS[hook.paused ? 'paused' : 'active']} />
      </td>
      <td data-label="At most">{limitWords(hook.limit)}</td>
      <td data-label="Calls">
        <Link to="/p/$project/settings/hooks" params={{ project }} search={{ hook: hook.id }}>
          Decisions<span className="visually-hidden"> of {hook.name}</span>
        </Link>
      </td>
      {manage ? (
        <td>
          <HookActions hook={hook} onSecret={onSecret} />
        </td>
      ) : null}
    </tr>
  )
}

/** The last call that did not know the secret: who set up the sender looks for it here. */
function Refused({ hook: { refusedAt, refusal } }: { hook: Hook }) {
  if (refusedAt === null) return null
  return (
    <div className={classes.refused}>
      <Icon name="alert" size={13} />
      refused <When at={refusedAt} />: {refusal}
    </div>
  )
}

function limitWords({ runs, perSeconds }: Hook['limit']): string {
  const span = { 60: 'a minute', 3600: 'an hour', 86400: 'a day' }[perSeconds] ?? `in ${perSeconds} s`
  return `${runs} ${runs === 1 ? 'run' : 'runs'} ${span}`
}
