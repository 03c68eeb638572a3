import { Anchor, Button, PasswordInput, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { Gitops } from '../../../contract/index.ts'
import { TOKEN_USERS } from '../../../domain/index.ts'
import { Icon } from '../../ui/icon.tsx'
import classes from './gitops.module.css'
import { HostKeyFields, type HostLook } from './host-key-fields.tsx'
import { NetworkFields } from './network-fields.tsx'
import { providerHint, providerOf, tokenPage } from './provider-hint.ts'
import { type AddressKind, convertedAddress } from './repository-address.ts'
import { SshKeyFields } from './ssh-key-fields.tsx'
import { credentialKind, isMismatch, type SettingsForm } from './typed-settings.ts'

interface CredentialFieldsProps {
  form: SettingsForm
  gitops: Gitops
  look: HostLook
}

/** How Faultline signs in at the git host: what the address goes with. */
export function CredentialFields(props: CredentialFieldsProps) {
  if (credentialKind(props.form.values) === 'https')
    return (
      <Stack gap="lg">
        <TokenFields {...props} />
        <NetworkFields {...props} />
      </Stack>
    )
  return (
    <Stack gap="lg">
      <SshKeyFields form={props.form} publicKey={props.gitops.publicKey} />
      <HostKeyFields {...props} />
    </Stack>
  )
}

/** Asking for the other credential explains what the address lacks, and offers the address that goes with it. */
export function CredentialChoice({ form }: { form: SettingsForm }) {
  return (
    <div>
      <Radio.Group
        label="Signs in with"
        value={credentialKind(form.values)}
        onChange={(value) => {
          form.setFieldValue('wanted', value as AddressKind)
          form.clearFieldError('url')
        }}
      >
        <div className={classes.ways}>
          <Radio value="https" label="Access token, with an https address" />
          <Radio value="ssh" label="SSH key, with an SSH address" />
        </div>
      </Radio.Group>
      {isMismatch(form.values) ? <Mismatch form={form} /> : null}
    </div>
  )
}

const EXPLAINED: Record<AddressKind, string> = {
  ssh: 'This is an https address: it asks for a token, and takes no SSH key. The same repository has an SSH address.',
  https: 'This is an SSH address: it asks for a key, and takes no token. The same repository has an https address.'
}

function Mismatch({ form }: { form: SettingsForm }) {
  const wanted = credentialKind(form.values)
  const converted = convertedAddress(form.values.url, wanted)
  const use = (url: string) => {
    form.setFieldValue('url', url)
    form.clearFieldError('url')
  }
  return (
    <div className={classes.notice} role="alert">
      <Icon name="alert" />
      <div>
        {EXPLAINED[wanted]}
        {converted === null ? (
          <> Copy it from the git host.</>
        ) : (
          <div className={classes.offer}>
            <Button size="xs" variant="default" onClick={() => use(converted)}>
              Use {converted}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

function TokenFields({ form, gitops }: CredentialFieldsProps) {
  const { url, provider } = form.values
  const hint = providerHint(url, provider)
  const username = TOKEN_USERS[providerOf(url, provider)]
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput
        label="User name"
        description={hint ? `Empty is right for ${hint.provider}: ${username}` : `Empty is right for most: ${username}`}
        placeholder={username}
        autoComplete="off"
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label="Access token"
        description={<TokenHelp form={form} />}
        placeholder={gitops.hasToken ? 'One is stored; leave empty to keep it' : ''}
        autoComplete="off"
        {...form.getInputProps('token')}
      />
    </SimpleGrid>
  )
}

/** Which token to make, with a way to the page of the host where that is done. */
function TokenHelp({ form }: { form: SettingsForm }) {
  const { url, provider } = form.values
  const page = tokenPage(url, provider)
  return (
    <>
      {providerHint(url, provider)?.token ?? 'It needs to read and write this repository.'}
      {page === null ? null : (
        <>
          {' '}
          <Anchor href={page} target="_blank" rel="noreferrer" inherit underline="always">
            Make one
          </Anchor>
        </>
      )}
    </>
  )
}
