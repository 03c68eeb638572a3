import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Run, RunStep } from '../../../contract/index.ts'
import { type ApprovalOutcome, approvalSentence, undecidedSteps } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Chip, PHASES } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { When } from '../../ui/when.tsx'
import classes from './run.module.css'

/** What waits for a person, and what people have said to it. */
export function ApprovalCard({ run }: { run: Run }) {
  const waiting = undecidedSteps(run)
  if (waiting.length === 0 && run.approvals.length === 0) return null
  return (
    <Card flush title="Approvals">
      <ul className={classes.items}>
        {waiting.map((step) => (
          <Waiting key={step.step} run={run} step={step} />
        ))}
        {run.approvals.map((approval) => (
          <li key={approval.step}>
            <div className={classes.itemHead}>
              <strong>{run.steps.find(({ step }) => step === approval.step)?.name ?? approval.step}</strong>
              <Chip face={PHASES[approval.outcome === 'approved' ? 'completed' : 'stopped']} />
            </div>
            <div className={classes.itemSub}>
              {approvalSentence(approval)}, <When at={approval.at} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Waiting({ run, step }: { run: Run; step: RunStep }) {
  const { edit } = useMay()
  const [asking, setAsking] = useState<ApprovalOutcome | null>(null)
  const decide = useDecision(run, step.step, () => setAsking(null))
  return (
    <li>
      <div className={classes.itemHead}>
        <strong>{step.name}</strong>
        <Chip face={PHASES.waiting} />
      </div>
      <div className={classes.itemSub}>
        waits for a person
        {step.startedAt ? (
          <>
            {' '}
            since <When at={step.startedAt} />
          </>
        ) : null}
      </div>
      {edit && run.stop === null ? (
        <Group gap="xs" mt="xs">
          <Button size="xs" onClick={() => setAsking('approved')}>
            Approve
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsking('rejected')}>
            Reject
          </Button>
        </Group>
      ) : null}
      <ReasonDialog
        opened={asking !== null}
        title={`${asking === 'rejected' ? 'Reject' : 'Approve'} ${step.name}`}
        placeholder="for those who look at it later"
        leave="Let it wait"
        act={asking === 'rejected' ? 'Reject' : 'Approve'}
        pending={decide.isPending}
        error={decide.error}
        onClose={() => setAsking(null)}
        onReason={(reason) => asking !== null && decide.mutate({ outcome: asking, reason })}
      >
        {asking === 'rejected'
          ? 'The step ends as stopped, and what comes after it is left out.'
          : 'The run goes on with what comes after it.'}
      </ReasonDialog>
    </li>
  )
}

function useDecision(run: Run, step: string, onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ outcome, reason }: { outcome: ApprovalOutcome; reason: string }) =>
      api.call('POST /projects/:project/runs/:run/approvals', {
        params: { project, run: run.id },
        body: { step, outcome, ...(reason !== '' && { reason }) }
      }),
    onSuccess: async () => {
      onDone()
      await client.invalidateQueries({ queryKey: keys.run(project, run.id) })
    }
  })
}
