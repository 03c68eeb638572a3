import { Button, Select, SimpleGrid, TextInput } from '@mantine/core'
import { GIT_PROVIDERS, type GitProvider } from '../../../domain/index.ts'
import { Icon } from '../../ui/icon.tsx'
import classes from './gitops.module.css'
import { PollField } from './poll-field.tsx'
import { PROVIDER_NAMES, providerOf } from './provider-hint.ts'
import { addressKind, withoutUser } from './repository-address.ts'
import { credentialKind, type SettingsForm } from './typed-settings.ts'

const PLACEHOLDERS = {
  https: 'https://git.example.com/team/chaos.git',
  ssh: 'git@git.example.com:team/chaos.git'
}

/** Which repository, what hosts it, and where in it workflows are. */
export function RepositoryFields({ form }: { form: SettingsForm }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <div>
          <TextInput
            label="Repository address"
            description="The https or SSH address that you clone from."
            placeholder={PLACEHOLDERS[credentialKind(form.values)]}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('url')}
          />
          <UserInAddress form={form} />
        </div>
        <ProviderField form={form} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <TextInput label="Branch" description="It can be made where it is missing." {...form.getInputProps('branch')} />
        <TextInput
          label="Folder in the repository"
          description="Only files below it are read and written."
          {...form.getInputProps('path')}
        />
        <PollField form={form} />
      </SimpleGrid>
    </>
  )
}

/** Recognised by the address; a host of one's own, whose name says nothing, is chosen. */
function ProviderField({ form }: { form: SettingsForm }) {
  const { url, provider } = form.values
  const recognised = providerOf(url)
  return (
    <Select
      label="Git host"
      description={howKnown({ typed: addressKind(url) !== null, chosen: provider !== null, recognised })}
      data={GIT_PROVIDERS.map((value) => ({ value, label: PROVIDER_NAMES[value] }))}
      value={provider ?? recognised}
      allowDeselect={false}
      onChange={(value) => form.setFieldValue('provider', value === recognised ? null : (value as GitProvider))}
    />
  )
}

function howKnown({ typed, chosen, recognised }: { typed: boolean; chosen: boolean; recognised: GitProvider }): string {
  const use = 'it says where keys and tokens are made.'
  if (chosen) return `Chosen by you; ${use}`
  if (!typed) return `Recognised by the address; ${use}`
  if (recognised === 'plain') return 'The address does not say which. Choose it, if it is one of these.'
  return `Recognised by the address; ${use}`
}

/** Some hosts put the user into the address that they show. */
function UserInAddress({ form }: { form: SettingsForm }) {
  const found = withoutUser(form.values.url)
  if (found === null) return null
  const use = () => {
    form.setFieldValue('url', found.url)
    form.setFieldValue('username', found.user)
    form.clearFieldError('url')
  }
  return (
    <div className={classes.notice} role="alert">
      <Icon name="alert" />
      <div>
        A user name is in the address. It has a field of its own: an address is shown and logged.
        <div className={classes.offer}>
          <Button size="xs" variant="default" onClick={use}>
            Move {found.user} there
          </Button>
        </div>
      </div>
    </div>
  )
}
