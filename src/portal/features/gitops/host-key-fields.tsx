import { Button, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon } from '../../ui/icon.tsx'
import classes from './gitops.module.css'
import type { useHostLook } from './queries.ts'
import { addressHost } from './repository-address.ts'
import { confirmedKeys, HOST_KEY_PLACE, type HostKey, type SettingsForm, withConfirmed } from './typed-settings.ts'

export type HostLook = ReturnType<typeof useHostLook>

interface HostKeyFieldsProps {
  form: SettingsForm
  gitops: Gitops
  look: HostLook
}

/** By its key a host proves that it is the one meant: a person compares the fingerprint and confirms it. */
export function HostKeyFields({ form, gitops, look }: HostKeyFieldsProps) {
  const { url } = form.values
  const host = addressHost(url)
  const confirmed = confirmedKeys(form.values, gitops)
  const shown = look.variables === url.trim() ? look.data?.keys : undefined
  const confirm = (key: HostKey) =>
    form.setFieldValue('confirmed', { host: host ?? '', keys: withConfirmed(confirmed, key, shown ?? []) })
  const place = usePlace()
  return (
    <section id={HOST_KEY_PLACE} aria-label="Host key" tabIndex={-1} ref={place}>
      <strong className={classes.fieldName}>Host key</strong>
      <div className={classes.explained}>
        By this key the host proves that it is {host ?? 'the one you mean'}. Compare the fingerprint with what the host
        publishes before you confirm it.
      </div>
      {shown === undefined ? <Confirmed keys={confirmed} /> : <Shown keys={shown} {...{ confirmed, confirm }} />}
      <FormProblem error={look.error} />
      <Button
        size="xs"
        variant="default"
        mt={8}
        disabled={host === null}
        loading={look.isPending}
        onClick={() => look.mutate(url.trim())}
      >
        {shown === undefined ? 'Look at the host key' : 'Look again'}
      </Button>
      <KnownHosts form={form} />
    </section>
  )
}

/** Whoever was sent here sees it and goes on from here by keyboard. */
function usePlace() {
  const ref = useRef<HTMLElement>(null)
  const hash = useLocation({ select: (location) => location.hash })
  useEffect(() => {
    if (hash === HOST_KEY_PLACE) goToHostKey(ref.current)
  }, [hash])
  return ref
}

export function goToHostKey(place: HTMLElement | null = document.getElementById(HOST_KEY_PLACE)): void {
  place?.scrollIntoView({ block: 'center' })
  place?.focus({ preventScroll: true })
}

function Confirmed({ keys }: { keys: readonly HostKey[] }) {
  if (keys.length === 0) return <p className={classes.explained}>None is confirmed yet.</p>
  return (
    <ul className={classes.hostKeys} aria-label="Confirmed host keys">
      {keys.map((key) => (
        <li key={key.line} data-confirmed={true}>
          <Fingerprint hostKey={key} />
          <Tick />
        </li>
      ))}
    </ul>
  )
}

interface ShownProps {
  keys: readonly HostKey[]
  confirmed: readonly HostKey[]
  confirm: (key: HostKey) => void
}

function Shown({ keys, confirmed, confirm }: ShownProps) {
  const isConfirmed = ({ line }: HostKey) => confirmed.some((one) => one.line === line)
  const changed = confirmed.length > 0 && !keys.some(isConfirmed)
  return (
    <>
      {changed ? <Changed confirmed={confirmed} /> : null}
      <ul className={classes.hostKeys} aria-label="Keys that the host shows">
        {keys.map((key) => (
          <li key={key.line} data-confirmed={isConfirmed(key)}>
            <Fingerprint hostKey={key} />
            {isConfirmed(key) ? (
              <Tick />
            ) : (
              <Button size="xs" variant="default" onClick={() => confirm(key)}>
                Confirm<span className="visually-hidden"> {key.type}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function Changed({ confirmed }: { confirmed: readonly HostKey[] }) {
  return (
    <div className={classes.notice} role="alert">
      <Icon name="alert" />
      <div>
        The host shows another key than the confirmed {confirmed.map(({ fingerprint }) => fingerprint).join(', ')}.
        Either it has got a new one, or somebody is in between: find out before you confirm it.
      </div>
    </div>
  )
}

export function Fingerprint({ hostKey }: { hostKey: HostKey }) {
  return (
    <span className={classes.fingerprint}>
      <span>{hostKey.type}</span> <code>{hostKey.fingerprint}</code>
    </span>
  )
}

function Tick() {
  return (
    <span className={classes.tick}>
      <Icon name="check" size={14} /> confirmed
    </span>
  )
}

function KnownHosts({ form }: { form: SettingsForm }) {
  const [opened, { open }] = useDisclosure(false)
  if (!opened) {
    return (
      <Button size="xs" variant="subtle" mt={8} ml={8} onClick={open}>
        Paste known_hosts lines
      </Button>
    )
  }
  return (
    <Textarea
      mt="md"
      label="Lines of known_hosts"
      description="As ssh-keyscan prints them, or a whole file: those of this host count, and take the place of the stored ones."
      placeholder="git.example.com ssh-ed25519 AAAAC3Nza…"
      classNames={{ input: classes.mono ?? '' }}
      rows={3}
      spellCheck={false}
      {...form.getInputProps('knownHosts')}
    />
  )
}
