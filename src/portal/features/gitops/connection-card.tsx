import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { CheckConnection } from './check-connection.tsx'
import { CredentialFields } from './credential-fields.tsx'
import classes from './gitops.module.css'
import { Fingerprint, goToHostKey } from './host-key-fields.tsx'
import { useHostLook, useSaveGitops, useSyncNow } from './queries.ts'
import { addressKind } from './repository-address.ts'
import { PublicKey } from './ssh-key-fields.tsx'
import { bodyOf, HOST_KEY_PLACE, type TypedSettings, typedOf } from './typed-settings.ts'
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
              <CheckConnection body={null} onHostKey={change.openAtHostKey} />
              <Button variant="default" onClick={change.open}>
                Change credential…
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
  const sent = useLocation({ select: ({ hash }) => hash === HOST_KEY_PLACE })
  const navigate = useNavigate()
  const goTo = (hash: string | undefined) => void navigate({ to: '.', ...(hash && { hash }), replace: true } as never)
  return {
    opened: asked || sent,
    open,
    openAtHostKey: () => goTo(HOST_KEY_PLACE),
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

function TokenFacts({ gitops: { hasToken, username } }: { gitops: Gitops }) {
  return (
    <>
      <dt>Credential</dt>
      <dd>{hasToken ? `access token${username ? ` of ${username}` : ''}, never shown` : 'none'}</dd>
    </>
  )
}

function SshFacts({ gitops: { publicKey, hostKeys, url } }: { gitops: Gitops }) {
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
      <dd>{publicKey === null ? 'none' : <PublicKey publicKey={publicKey} url={url} />}</dd>
    </>
  )
}

function ChangeForm({ gitops, onDone }: { gitops: Gitops; onDone: () => void }) {
  const form = useForm<TypedSettings>({ initialValues: typedOf(gitops) })
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
  const lookAtHost = () => {
    look.mutate(form.values.url)
    goToHostKey()
  }
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="lg">
        <FormProblem error={save.error} />
        <CredentialFields form={form} gitops={gitops} look={look} />
        <NumberInput
          label="Look at git every"
          description="Pushes appear here within this time."
          suffix=" s"
          min={1}
          max={86_400}
          {...form.getInputProps('pollSeconds')}
        />
        <Group align="flex-start" justify="space-between">
          <CheckConnection body={bodyOf(form.values)} onHostKey={lookAtHost} />
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
