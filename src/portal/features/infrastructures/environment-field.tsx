import { Group, Radio, type RadioGroupProps } from '@mantine/core'

export function EnvironmentField(props: Omit<RadioGroupProps, 'children' | 'label'>) {
  return (
    <Radio.Group label="Environment" {...props}>
      <Group gap="lg" mt={6}>
        <Radio value="non-prod" label="Not production" />
        <Radio value="prod" label="Production" />
      </Group>
    </Radio.Group>
  )
}
