import { AuthLayout } from './auth-layout.tsx'
import { PasswordForm } from './password-form.tsx'

/** The first password was written to a file: it is changed before anything else. */
export function PasswordPage() {
  return (
    <AuthLayout
      title="Choose your own password"
      lead="The first password was made by the server and lies in a file. Choose your own, then the portal opens."
    >
      <PasswordForm />
    </AuthLayout>
  )
}
