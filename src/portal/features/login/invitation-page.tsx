import { Button, PasswordInput, Skeleton, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import type { Invitation } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { SESSION_KEY } from '../../client/keys.ts'
import { hasCode } from '../../client/problem-error.ts'
import { Failed } from '../../ui/blank.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { When } from '../../ui/when.tsx'
import { AuthLayout } from './auth-layout.tsx'

const MIN_LENGTH = 12

/** Who opens the link of an invitation has no account yet; the token stays behind the `#`, and is sent in bodies alone. */
export function InvitationPage() {
  const api = useApi()
  const token = useLocation({ select: ({ hash }) => hash })
  const query = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api.call('POST /invitations/look', { body: { token }, signal }),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY
  })
  if (token === '' || hasCode(query.error, 'accounts/invitation-refused')) return <Refused />
  if (query.data) return <Offer key={token} token={token} invitation={query.data} />
  return (
    <AuthLayout title="Your invitation">
      {query.isError ? (
        <Failed what="The invitation" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton height={220} radius="md" />
      )}
    </AuthLayout>
  )
}

function Refused() {
  return (
    <AuthLayout
      title="This invitation is not open"
      lead="The link was used, withdrawn, has expired, or was copied in part. Open it once more as you got it, or ask who invited you for a new one."
    >
      <p>If you have chosen a password already, sign in with it.</p>
      <Button component={Link} to="/login" variant="default" fullWidth>
        Sign in
      </Button>
    </AuthLayout>
  )
}

function Offer({ token, invitation }: { token: string; invitation: Invitation }) {
  const accept = useAccept(token, invitation)
  const form = useForm({
    initialValues: { password: '', again: '' },
    validate: {
      password: (password) => (password.length < MIN_LENGTH ? `At least ${MIN_LENGTH} characters.` : null),
      again: (again, { password }) => (again === password ? null : 'The two are not the same.')
    }
  })
  return (
    <AuthLayout title={`Welcome, ${invitation.name}`} lead={<Words invitation={invitation} />}>
      <form onSubmit={form.onSubmit(({ password }) => accept.mutate(password))}>
        <Stack gap="md">
          <FormProblem error={accept.error} />
          {/* for the password manager of the browser: what the password belongs to */}
          <input type="hidden" autoComplete="username" value={invitation.login} readOnly />
          <PasswordInput
            label="Password"
            description={`At least ${MIN_LENGTH} characters; a sentence is easy to keep. Nobody else ever knows it.`}
            autoComplete="new-password"
            required
            autoFocus
            {...form.getInputProps('password')}
          />
          <PasswordInput
            label="Password, again"
            autoComplete="new-password"
            required
            {...form.getInputProps('again')}
          />
          <Button type="submit" loading={accept.isPending} fullWidth mt={4}>
            Accept and sign in as {invitation.login}
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  )
}

function Words({ invitation: { login, invitedBy, membership, expiresAt } }: { invitation: Invitation }) {
  return (
    <>
      {invitedBy} invites you to{' '}
      {membership === null ? (
        'this server'
      ) : (
        <>
          the project <strong>{membership.project}</strong>, as {membership.role}
        </>
      )}
      . Your login is <code>{login}</code>. The link works once and expires <When at={expiresAt} />.
    </>
  )
}

function useAccept(token: string, { login, membership }: Invitation) {
  const api = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (password: string) => {
      await api.call('POST /invitations/accept', { body: { token, password } })
      // the account is there from here on: what fails now is no failed invitation
      return api.call('POST /session', { body: { login, password } }).catch(() => null)
    },
    onSuccess: async (session) => {
      if (session === null) {
        notifications.show({ message: 'Your account is ready. Sign in with the password that you have chosen.' })
        return navigate({ to: '/login', replace: true })
      }
      // another user may have been signed in before
      client.clear()
      client.setQueryData(SESSION_KEY, api.adopt(session))
      if (membership === null) return navigate({ to: '/', replace: true })
      return navigate({ to: '/p/$project', params: { project: membership.project }, replace: true })
    }
  })
}
