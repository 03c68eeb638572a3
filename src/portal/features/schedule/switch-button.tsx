import { Button } from '@mantine/core'
import { useMay } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { useSwitchSchedule } from './queries.ts'

/** One click each way: nothing is started or stopped by the click itself. */
export function SwitchButton({ name, state }: { name: string; state: 'active' | 'paused' }) {
  const change = useSwitchSchedule(name)
  if (!useMay().edit) return null
  const paused = state === 'paused'
  return (
    <Button
      size="compact-sm"
      variant={paused ? 'filled' : 'default'}
      leftSection={<Icon name={paused ? 'clock' : 'hold'} size={13} />}
      loading={change.isPending}
      onClick={() => change.mutate(paused ? 'activate' : 'pause')}
    >
      {paused ? 'Activate' : 'Pause'}
    </Button>
  )
}
