import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { User, UserBody } from '../../../contract/index.ts'
import { hasCode } from '../../client/problem-error.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useChangeUser } from './queries.ts'
import { ResetPassword } from './reset-password.tsx'

interface Step {
  title: string
  says: string
  leave: string
  act: string
  body: UserBody
}

/** What an admin may do with a user; each says what it does before it is done. */
export function UserActions({ user }: { user: User }) {
  const { login } = user
  const [step, setStep] = useState<Step | null>(null)
  const [resetting, setResetting] = useState(false)
  const steps = stepsFor(user)
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={`Actions for ${login}`}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="key" size={14} />} onClick={() => setResetting(true)}>
            Reset password
          </Menu.Item>
          {steps.map((one) => (
            <Menu.Item key={one.act} leftSection={<Icon name="user" size={14} />} onClick={() => setStep(one)}>
              {one.act}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {step === null ? null : <StepDialog login={login} step={step} onClose={() => setStep(null)} />}
      {resetting ? <ResetPassword login={login} onClose={() => setResetting(false)} /> : null}
    </>
  )
}

function StepDialog({ login, step, onClose }: { login: string; step: Step; onClose: () => void }) {
  const change = useChangeUser(onClose)
  const [newOwner, setNewOwner] = useState('')
  const heir = newOwner === '' ? {} : { newOwner }
  return (
    <ConfirmDialog
      opened
      title={step.title}
      leave={step.leave}
      act={step.act}
      pending={change.isPending}
      error={change.error}
      onClose={onClose}
      onAct={() => change.mutate({ login, ...step.body, ...heir })}
    >
      {step.says}
      {newOwner !== '' || hasCode(change.error, 'accounts/only-owner') ? (
        <TextInput
          label="New owner of these projects"
          description="Login of a user of this server."
          mt="md"
          value={newOwner}
          onChange={(event) => setNewOwner(event.currentTarget.value)}
        />
      ) : null}
    </ConfirmDialog>
  )
}

function stepsFor({ login, isAdmin, deactivatedAt }: User): Step[] {
  return [
    isAdmin
      ? {
          title: `Unmake admin ${login}`,
          says: `${login} stays a user, and a member where ${login} is one, but manages no users and no kill switch of the server any more.`,
          leave: 'Leave it',
          act: 'Unmake admin',
          body: { isAdmin: false }
        }
      : {
          title: `Make ${login} an admin`,
          says: `An admin invites and deactivates users, resets passwords, and stops every run of this server.`,
          leave: 'Leave it',
          act: 'Make admin',
          body: { isAdmin: true }
        },
    deactivatedAt === null
      ? {
          title: `Deactivate ${login}`,
          says: `${login} may not sign in any more. Sessions end at once, and API tokens are revoked for good: pipelines that use them stop. Runs, schedules, history and memberships stay.`,
          leave: 'Leave it',
          act: 'Deactivate',
          body: { active: false }
        }
      : {
          title: `Reactivate ${login}`,
          says: `${login} may sign in again, with the password and the memberships as before. API tokens stay revoked.`,
          leave: 'Leave it',
          act: 'Reactivate',
          body: { active: true }
        }
  ]
}
