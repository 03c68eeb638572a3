import { Button, Group, SimpleGrid, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { CheckConnection } from './check-connection.tsx'
import { CredentialFields } from './credential-fields.tsx'
import classes from './gitops.module.css'
import { Fingerprint } from './host-key-fields.tsx'
import { dayText } from './network-fields.tsx'
import { useGoTo } from './places.ts'
import { PollField } from './poll-field.tsx'
import { useHostLook, useSaveGitops, useSyncNow } from './queries.ts'
import { addressKind } from './repository-address.ts'
import { ProviderField } from './repository-fields.tsx'
import { PublicKey } from './ssh-key-fields.tsx'
import {
  bodyOf,
  HOST_KEY_PLACE,
  NETWORK_PLACE,
  type Place,
  SETTINGS_RULES,
  type TypedSettings,
  typedOf
} from './typed-settings.ts'
import { everyWords } from './webhook-steps.ts'

/** How git is reached. While GitOps is on, all but repository, branch and folder may be changed. */
export function ConnectionCard({ gitops }: { gitops: Gitops }) {
  const { manage } = useMay()
  const change = useChanging()
  return (
    <Card title="Connection">
      <Facts gitops={gitops} withKey={!change.opened} />
      {manage ? (
        change.opened ? (
          <ChangeForm gitops={gitops} onDone={change.close} />
        ) : (
          <>
            <Group align="flex-start" gap="xs">
              <CheckConnection body={null} onPlace={change.openAt} />
              <Button variant="default" onClick={change.open}>
                Change connection…
              </Button>
            </Group>
            <p className={classes.quiet}>
              To change repository, branch or folder, turn GitOps off first; nothing is lost.
            </p>
          </>
        )
      ) : null}
    </Card>
  )
}

/** Open where somebody asked for it, here or by a link to the host key. */
function useChanging() {
  const [asked, { open, close }] = useDisclosure(false)
  const sent = useLocation({ select: ({ hash }) => hash === HOST_KEY_PLACE || hash === NETWORK_PLACE })
  const navigate = useNavigate()
  // it stays open where the place has been reached
  useEffect(() => (sent ? open() : undefined), [sent, open])
  const goTo = (hash: string | undefined) => void navigate({ to: '.', ...(hash && { hash }), replace: true } as never)
  return {
    opened: asked || sent,
    open,
    openAt: (place: Place) => goTo(place),
    close: () => {
      close()
      goTo(undefined)
    }
  }
}

function Facts({ gitops, withKey }: { gitops: Gitops; withKey: boolean }) {
  const ssh = addressKind(gitops.url) === 'ssh'
  return (
    <dl className={classes.settings}>
      <dt>Repository</dt>
      <dd>
        <code>{gitops.url}</code>
      </dd>
      <dt>Branch and folder</dt>
      <dd>
        <code>
          {gitops.branch}:{gitops.path}
        </code>
      </dd>
      <dt>Looks at git</dt>
      <dd>every {everyWords(gitops.pollsEvery)}</dd>
      {withKey ? ssh ? <SshFacts gitops={gitops} /> : <TokenFacts gitops={gitops} /> : null}
    </dl>
  )
}

function TokenFacts({ gitops: { hasToken, username, ca, proxy } }: { gitops: Gitops }) {
  return (
    <>
      <dt>Credential</dt>
      <dd>{hasToken ? `access token${username ? ` of ${username}` : ''}, never shown` : 'none'}</dd>
      {ca.length === 0 ? null : (
        <>
          <dt>Authorities</dt>
          <dd>
            {ca.map((authority) => (
              <div key={authority.fingerprint}>
                {authority.subject}, until {dayText(authority.expiresAt)}
              </div>
            ))}
          </dd>
        </>
      )}
      {proxy === null ? null : (
        <>
          <dt>Proxy</dt>
          <dd>
            <code>{proxy.url}</code>
            {proxy.username ? ` as ${proxy.username}` : ''}
          </dd>
        </>
      )}
    </>
  )
}

function SshFacts({ gitops: { publicKey, hostKeys, url, provider } }: { gitops: Gitops }) {
  return (
    <>
      <dt>Host keys</dt>
      <dd>
        {hostKeys.length === 0
          ? 'none is confirmed'
          : hostKeys.map((key) => (
              <div key={key.line}>
                <Fingerprint hostKey={key} />
              </div>
            ))}
      </dd>
      <dt>SSH key</dt>
      <dd>{publicKey === null ? 'none' : <PublicKey publicKey={publicKey} url={url} provider={provider} />}</dd>
    </>
  )
}

function ChangeForm({ gitops, onDone }: { gitops: Gitops; onDone: () => void }) {
  const form = useForm<TypedSettings>({ initialValues: typedOf(gitops), validate: SETTINGS_RULES })
  const look = useHostLook()
  const save = useSaveGitops()
  const syncNow = useSyncNow()
  const submit = (typed: TypedSettings) =>
    save.mutate(bodyOf(typed), {
      onSuccess: () => {
        // whether it works is what one wants to know now
        syncNow.mutate()
        onDone()
      }
    })
  const goTo = useGoTo(() => look.mutate(form.values.url))
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="lg">
        <FormProblem error={save.error} />
        <CredentialFields form={form} gitops={gitops} look={look} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <ProviderField form={form} />
          <PollField form={form} />
        </SimpleGrid>
        <Group align="flex-start" justify="space-between">
          <CheckConnection body={bodyOf(form.values)} onPlace={goTo} />
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
