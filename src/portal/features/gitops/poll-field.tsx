import { NumberInput } from '@mantine/core'
import type { SettingsForm } from './typed-settings.ts'

/** How often the branch is looked at. */
export function PollField({ form }: { form: SettingsForm }) {
  return (
    <NumberInput
      label="Look at git every"
      description="Pushes appear here within this time."
      suffix=" s"
      min={1}
      max={86_400}
      {...form.getInputProps('pollSeconds')}
    />
  )
}
