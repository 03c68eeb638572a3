import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { ChangeForm } from './change-form.tsx'
import { CheckConnection } from './check-connection.tsx'
import classes from './gitops.module.css'
import { Fingerprint } from './host-key-fields.tsx'
import { dayText } from './network-fields.tsx'
import { addressKind } from './repository-address.ts'
import { PublicKey } from './ssh-key-fields.tsx'
import { HOST_KEY_PLACE, NETWORK_PLACE, type Place } from './typed-settings.ts'
import { everyWords } from './webhook-steps.ts'

/** Where the workflows live, and how git is reached; both are changed while GitOps is on. */
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
          <Group align="flex-start" gap="xs">
            <CheckConnection body={null} onPlace={change.openAt} />
            <Button variant="default" onClick={change.open}>
              Change connection…
            </Button>
          </Group>
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
