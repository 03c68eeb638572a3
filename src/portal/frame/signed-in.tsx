import { Center, Loader } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { useSessionQuery } from '../client/session.ts'
import { PasswordPage } from '../features/login/password-page.tsx'
import { Failed } from '../ui/blank.tsx'
import { ToLogin } from './to-login.tsx'

/** Everything behind the sign-in page; the URL is kept for afterwards, and the first password is changed first. */
export function SignedIn() {
  const session = useSessionQuery()
  if (session.isPending) {
    return (
      <Center mih="100vh">
        <Loader size="sm" aria-label="Loading" />
      </Center>
    )
  }
  if (session.isError)
    return <Failed what="Your session" error={session.error} onRetry={() => void session.refetch()} />
  if (session.data === null) return <ToLogin />
  if (session.data.mustChangePassword) return <PasswordPage />
  return <Outlet />
}
