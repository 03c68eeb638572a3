import { Button, Group, PasswordInput, Radio, Stack, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { GitProvider } from '../../../domain/index.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import classes from './gitops.module.css'
import { providerHint } from './provider-hint.ts'
import { useGenerateKey } from './queries.ts'
import type { SettingsForm } from './typed-settings.ts'

/** A key that the server makes, of which only the public half is ever seen, or one of one's own. */
export function SshKeyFields({ form, publicKey }: { form: SettingsForm; publicKey: string | null }) {
  const { ownKey } = form.values
  return (
    <section aria-label="SSH key">
      <Radio.Group
        label="SSH key"
        value={ownKey ? 'own' : 'made'}
        onChange={(value) => form.setFieldValue('ownKey', value === 'own')}
      >
        <div className={classes.ways}>
          <Radio value="made" label="Made by Faultline; the private half never leaves it" />
          <Radio value="own" label="Use my own key" />
        </div>
      </Radio.Group>
      {ownKey ? <OwnKey form={form} stored={publicKey !== null} /> : <MadeKey form={form} publicKey={publicKey} />}
    </section>
  )
}

function MadeKey({ form, publicKey }: { form: SettingsForm; publicKey: string | null }) {
  const generate = useGenerateKey()
  const [asking, { open, close }] = useDisclosure(false)
  const make = () => generate.mutate(undefined, { onSettled: close })
  return (
    <div className={classes.below}>
      <FormProblem error={generate.error} />
      {publicKey === null ? (
        <Button variant="default" loading={generate.isPending} onClick={make}>
          Generate key
        </Button>
      ) : (
        <>
          <PublicKey publicKey={publicKey} {...form.values} />
          {asking ? (
            <div className={classes.offer}>
              <span>The key above is gone then, and the git host must be given the new one before anything syncs.</span>
              <Group gap="xs" mt={8}>
                <Button size="xs" color="red.9" loading={generate.isPending} onClick={make}>
                  Replace the key
                </Button>
                <Button size="xs" variant="default" onClick={close}>
                  Keep it
                </Button>
              </Group>
            </div>
          ) : (
            <Button size="xs" variant="default" mt={8} onClick={open}>
              Generate another key…
            </Button>
          )}
        </>
      )}
    </div>
  )
}

interface PublicKeyProps {
  publicKey: string
  /** of the repository, and what hosts it: where the key is pasted */
  url: string
  provider: GitProvider | null
}

/** The public half, to be pasted at the git host. */
export function PublicKey({ publicKey, url, provider }: PublicKeyProps) {
  const hint = providerHint(url, provider)
  return (
    <div>
      <span className={classes.explained}>
        {hint === null ? (
          'Give this public half to the git host: as a deploy key of the repository that may write, or as a key of an account that may push.'
        ) : (
          <>
            Paste this public half at {hint.provider}: {hint.key}
          </>
        )}
      </span>
      <CommandBlock text={publicKey} what="public key" />
    </div>
  )
}

function OwnKey({ form, stored }: { form: SettingsForm; stored: boolean }) {
  return (
    <Stack gap="md" className={classes.below}>
      <Textarea
        label="Private key"
        description={
          stored
            ? 'Never shown again once it is saved. A key is stored; leave this empty to keep it.'
            : 'Never shown again once it is saved.'
        }
        placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
        classNames={{ input: classes.mono ?? '' }}
        rows={5}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('privateKey')}
      />
      <PasswordInput
        label="Passphrase"
        description="Only if the key has one."
        autoComplete="off"
        {...form.getInputProps('passphrase')}
      />
    </Stack>
  )
}
