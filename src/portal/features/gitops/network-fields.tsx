import { Button, PasswordInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import classes from './gitops.module.css'
import { NETWORK_PLACE, type SettingsForm } from './typed-settings.ts'

interface NetworkFieldsProps {
  form: SettingsForm
  gitops: Gitops
}

/** What most hosts need nothing of: an authority of one's own, a proxy. Open where there is something, or where a failed test leads. */
export function NetworkFields({ form, gitops }: NetworkFieldsProps) {
  const sent = useLocation({ select: ({ hash }) => hash === NETWORK_PLACE })
  const [opened, { open }] = useDisclosure(gitops.ca.length > 0 || gitops.proxy !== null)
  const place = useRef<HTMLElement>(null)
  const navigate = useNavigate()
  useEffect(() => {
    if (!sent) return
    open()
    place.current?.scrollIntoView({ block: 'center' })
    place.current?.focus({ preventScroll: true })
    // done: whoever is sent again comes again
    void navigate({ to: '.', replace: true } as never)
  }, [sent, open, navigate])
  return (
    <section id={NETWORK_PLACE} aria-label="Network" tabIndex={-1} ref={place}>
      <strong className={classes.fieldName}>Network</strong>
      {opened ? (
        <Stack gap="md" mt={8}>
          <AuthorityFields form={form} gitops={gitops} />
          <ProxyFields form={form} gitops={gitops} />
        </Stack>
      ) : (
        <>
          <p className={classes.explained}>
            The host’s certificate is checked as a browser does it, and it is reached as the server reaches all.
          </p>
          <Button size="xs" variant="default" mt={8} onClick={open}>
            Own certificate authority or proxy…
          </Button>
        </>
      )}
    </section>
  )
}

/** A day, as people of the reader's country write it. */
export function dayText(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' })
}

function AuthorityFields({ form, gitops: { ca } }: NetworkFieldsProps) {
  const { dropCa } = form.values
  return (
    <div>
      {ca.length === 0 ? null : (
        <ul className={classes.hostKeys} aria-label="Certificate authorities">
          {ca.map(({ subject, expiresAt, fingerprint }) => (
            <li key={fingerprint} data-dropped={dropCa}>
              <span className={classes.authority}>
                <strong>{subject}</strong>
                <small>
                  until {dayText(expiresAt)} · SHA-256 <code>{fingerprint}</code>
                </small>
              </span>
            </li>
          ))}
          <li>
            <span>
              {dropCa ? 'They go when you save; the usual authorities count again.' : 'No other one is trusted.'}
            </span>
            <Button size="xs" variant="default" onClick={() => form.setFieldValue('dropCa', !dropCa)}>
              {dropCa ? 'Keep them' : 'Remove'}
            </Button>
          </li>
        </ul>
      )}
      <Textarea
        mt={ca.length === 0 ? 0 : 'md'}
        label="Certificate authority of your own"
        description={
          ca.length === 0
            ? 'The certificate that signs the host’s, as PEM. It takes the place of the usual ones for this project.'
            : 'As PEM; it takes the place of those above. Leave it empty to keep them.'
        }
        placeholder="-----BEGIN CERTIFICATE-----"
        classNames={{ input: classes.mono ?? '' }}
        rows={4}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('ca')}
      />
    </div>
  )
}

function ProxyFields({ form, gitops: { proxy } }: NetworkFieldsProps) {
  const { proxyUrl, proxyUsername } = form.values
  const stored = proxy?.hasPassword === true && proxy.url === proxyUrl.trim() && proxy.username === proxyUsername.trim()
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
      <TextInput
        label="HTTP proxy"
        description="Empty: the server’s own, if it has one. The admin must have named it."
        placeholder="http://proxy.example.com:3128"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('proxyUrl')}
      />
      <TextInput
        label="User name at the proxy"
        description="Only if it asks for one."
        autoComplete="off"
        disabled={proxyUrl.trim() === ''}
        {...form.getInputProps('proxyUsername')}
      />
      <PasswordInput
        label="Password at the proxy"
        description="Never shown again once it is saved."
        placeholder={stored ? 'One is stored; leave empty to keep it' : ''}
        autoComplete="off"
        disabled={proxyUrl.trim() === ''}
        {...form.getInputProps('proxyPassword')}
      />
    </SimpleGrid>
  )
}
