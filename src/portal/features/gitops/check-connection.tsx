import { Button, Loader } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CheckStep, GitopsBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import classes from './gitops.module.css'
import { HOST_KEY_PLACE, NETWORK_PLACE, type Place } from './typed-settings.ts'

const NAMES: Record<CheckStep['name'], string> = {
  url: 'Address',
  reach: 'Server answers',
  'host-key': 'Host key',
  authentication: 'Sign-in',
  branch: 'Branch',
  write: 'Write access'
}
const ICONS: Record<CheckStep['state'], IconName> = {
  ok: 'check',
  attention: 'alert',
  failed: 'cross',
  skipped: 'minus'
}
const WORDS: Record<CheckStep['state'], string> = {
  ok: 'fine',
  attention: 'needs attention',
  failed: 'failed',
  skipped: 'not tried'
}

interface CheckConnectionProps {
  /** the settings to try; null = the stored ones */
  body: GitopsBody | null
  disabled?: boolean
  /** leads to where what failed is mended */
  onPlace: (place: Place) => void
}

/** Tries the connection and ticks what works, one by one; the failing one is explained. */
export function CheckConnection({ body, disabled = false, onPlace }: CheckConnectionProps) {
  const { check, steps } = useCheck(body)
  return (
    <div className={classes.check}>
      <Button
        variant="default"
        disabled={disabled}
        onClick={() => check.mutate()}
        leftSection={check.isPending ? <Loader size={13} /> : null}
      >
        Test connection
      </Button>
      <FormProblem error={check.error} />
      <output>
        {steps.length > 0 || check.isPending ? (
          <ul className={classes.checks}>
            {steps.map((step) => (
              <StepLine key={step.name} step={step} onPlace={onPlace} />
            ))}
            {check.isPending ? (
              <li>
                <Loader size={13} />
                <span>Trying…</span>
              </li>
            ) : null}
          </ul>
        ) : null}
      </output>
    </div>
  )
}

/** What was tried; a step is here as soon as it has ended. */
function useCheck(body: GitopsBody | null) {
  const api = useApi()
  const project = useProject()
  const [steps, setSteps] = useState<readonly CheckStep[]>([])
  const check = useMutation({
    onMutate: () => setSteps([]),
    mutationFn: () =>
      api.lines('POST /projects/:project/gitops/test', { params: { project }, body: body ?? {} }, (step: CheckStep) =>
        setSteps((before) => [...before, step])
      )
  })
  return { check, steps }
}

function StepLine({
  step: { name, state, message, code },
  onPlace
}: {
  step: CheckStep
  onPlace: (place: Place) => void
}) {
  const way = wayOut(code)
  return (
    <li data-state={state}>
      <Icon name={ICONS[state]} size={15} />
      <strong>{NAMES[name]}</strong>
      <span>
        <span className="visually-hidden">{WORDS[state]}: </span>
        {message}
        {way === null ? null : (
          <Button size="xs" variant="default" className={classes.step} onClick={() => onPlace(way.place)}>
            {way.words}
          </Button>
        )}
      </span>
    </li>
  )
}

/** Where on this page a failed step is mended. */
function wayOut(code: string | null): { place: Place; words: string } | null {
  if (code === null) return null
  if (code.startsWith('git/host-key')) return { place: HOST_KEY_PLACE, words: 'Look at the key and confirm it' }
  if (code === 'git/certificate-untrusted') return { place: NETWORK_PLACE, words: 'Give its authority' }
  const proxy = code === 'git/proxy' || code === 'outbound/proxy-not-allowed'
  return proxy ? { place: NETWORK_PLACE, words: 'Look at the proxy' } : null
}
