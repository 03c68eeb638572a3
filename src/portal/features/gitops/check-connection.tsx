import { Button, Loader } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CheckResult, GitopsBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import classes from './gitops.module.css'

type Step = CheckResult['steps'][number]

const NAMES: Record<Step['name'], string> = {
  url: 'Address',
  reach: 'Server answers',
  'host-key': 'Host key',
  authentication: 'Sign-in',
  branch: 'Branch',
  write: 'Write access'
}
const ICONS: Record<Step['state'], IconName> = { ok: 'check', attention: 'alert', failed: 'cross', skipped: 'minus' }
const WORDS: Record<Step['state'], string> = {
  ok: 'fine',
  attention: 'needs attention',
  failed: 'failed',
  skipped: 'not tried'
}

interface CheckConnectionProps {
  /** the settings to try; null = the stored ones */
  body: GitopsBody | null
  disabled?: boolean
  /** leads to where a host key is looked at and confirmed */
  onHostKey: () => void
}

/** Tries the connection and ticks what works, one by one; the failing one is explained. */
export function CheckConnection({ body, disabled = false, onHostKey }: CheckConnectionProps) {
  const api = useApi()
  const project = useProject()
  const check = useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/test', { params: { project }, body: body ?? {} })
  })
  return (
    <div>
      <Button
        variant="default"
        disabled={disabled}
        onClick={() => check.mutate()}
        leftSection={check.isPending ? <Loader size={13} /> : null}
      >
        Test connection
      </Button>
      <FormProblem error={check.error} />
      <output>{check.data ? <Steps steps={check.data.steps} onHostKey={onHostKey} /> : null}</output>
    </div>
  )
}

function Steps({ steps, onHostKey }: { steps: readonly Step[]; onHostKey: () => void }) {
  return (
    <ul className={classes.steps}>
      {steps.map(({ name, state, message }) => (
        <li key={name} data-state={state}>
          <Icon name={ICONS[state]} size={15} />
          <strong>{NAMES[name]}</strong>
          <span>
            <span className="visually-hidden">{WORDS[state]}: </span>
            {message}
            {name === 'host-key' && state === 'failed' ? (
              <Button size="xs" variant="default" className={classes.step} onClick={onHostKey}>
                Look at the key and confirm it
              </Button>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  )
}
