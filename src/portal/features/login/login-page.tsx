import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useApi } from '../../client/api-context.tsx'
import { SESSION_KEY } from '../../client/keys.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { AuthLayout } from './auth-layout.tsx'

export function LoginPage() {
  const api = useApi()
  const client = useQueryClient()
  const router = useRouter()
  const { next } = useSearch({ from: '/login' })
  const form = useForm({ initialValues: { login: '', password: '' } })
  const login = useMutation({
    mutationFn: (body: { login: string; password: string }) => api.call('POST /session', { body }),
    onSuccess: (session) => {
      client.setQueryData(SESSION_KEY, api.adopt(session))
      router.history.push(ownPath(next))
    }
  })
  return (
    <AuthLayout
      title="Sign in"
      lead={
        <>
          First time here? The login is <code>admin</code>, its password is in the file <code>admin-password</code> of
          the server's data folder.
        </>
      }
    >
      <form onSubmit={form.onSubmit((values) => login.mutate(values))}>
        <Stack gap="md">
          <FormProblem error={login.error} />
          <TextInput label="Login" autoComplete="username" required autoFocus {...form.getInputProps('login')} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={login.isPending} fullWidth mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  )
}

/** Back to where the visitor wanted to go, but never to another site. */
function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'
}
