import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Infrastructure, ServerInfrastructure } from '../../../contract/index.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import classes from './infrastructures.module.css'
import { useChangeGrant, useGrants } from './queries.ts'

/** Which projects may run there; for admins of the server. */
export function GrantsDialog({ place, onClose }: { place: Infrastructure; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const grants = useGrants(place.id)
  const change = useChangeGrant(place.id, () => setTyped(''))
  return (
    <Modal opened onClose={onClose} title={`Projects that may use ${place.name}`}>
      <Stack>
        <FormProblem error={change.error} />
        {grants.isPending ? <ListSkeleton rows={2} /> : null}
        {grants.isError ? (
          <Failed what="The grants" error={grants.error} onRetry={() => void grants.refetch()} />
        ) : null}
        <ul className={classes.grants}>
          {(grants.data ?? []).map((grant) => (
            <Granted
              key={grant.project}
              grant={grant}
              onWithdraw={() => change.mutate({ grantee: grant.project, granted: false })}
            />
          ))}
        </ul>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            change.mutate({ grantee: typed.trim(), granted: true })
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              flex={1}
              label="Another project"
              description="Its id. Its members may then run chaos there, within its guardrails."
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" loading={change.isPending} disabled={typed.trim() === ''}>
              Grant
            </Button>
          </Group>
        </form>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface GrantedProps {
  grant: ServerInfrastructure['grants'][number]
  onWithdraw: () => void
}

function Granted({ grant: { project, manages }, onWithdraw }: GrantedProps) {
  return (
    <li>
      <span>{project}</span>
      {manages ? (
        <Text size="sm" c="dimmed">
          manages it
        </Text>
      ) : (
        <Button size="xs" variant="default" onClick={onWithdraw} aria-label={`Withdraw from ${project}`}>
          Withdraw
        </Button>
      )}
    </li>
  )
}
