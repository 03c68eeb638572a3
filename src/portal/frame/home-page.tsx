import { Navigate } from '@tanstack/react-router'
import { AuthLayout } from '../features/login/auth-layout.tsx'
import { useSession } from './current.ts'
import { NewProjectForm } from './new-project-form.tsx'
import { recentProject } from './recent-project.ts'

/** `/`: the project looked at last, or the first step of an empty server. */
export function HomePage() {
  const { projects } = useSession()
  const last = projects.find(({ id }) => id === recentProject()) ?? projects[0]
  if (last !== undefined) return <Navigate to="/p/$project" params={{ project: last.id }} replace />
  return (
    <AuthLayout
      title="Name your first project"
      lead="A project is a team's chaos workflows, and the folder of a git repository that holds them."
    >
      <NewProjectForm />
    </AuthLayout>
  )
}
