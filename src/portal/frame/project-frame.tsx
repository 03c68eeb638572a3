import { AppShell, Button } from '@mantine/core'
import { Link, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useLive } from '../client/live.ts'
import { Empty } from '../ui/blank.tsx'
import { useProject, useSession } from './current.ts'
import classes from './frame.module.css'
import { KillSwitchNotice } from './kill-switch.tsx'
import { LinkedRepository } from './linked-repository.tsx'
import { Navigation } from './navigation.tsx'
import { rememberProject } from './recent-project.ts'
import { TopBar } from './top-bar.tsx'

/** All pages of one project: navigation, top bar, and what keeps them up to date. */
export function ProjectFrame() {
  const project = useProject()
  const known = useSession().projects.some(({ id }) => id === project)
  if (!known) return <UnknownProject project={project} />
  return <KnownProject key={project} project={project} />
}

function KnownProject({ project }: { project: string }) {
  const { lost } = useLive(project)
  useEffect(() => rememberProject(project), [project])
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 204, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 58, sm: 0 } }}
      padding={0}
      transitionDuration={0}
      withBorder={false}
    >
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <AppShell.Header className={classes.header}>
        <TopBar />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} visibleFrom="sm">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {lost ? (
          <output className={classes.lost}>
            The connection to the server is lost. What you see may be old; it comes back by itself.
          </output>
        ) : null}
        <KillSwitchNotice />
        <LinkedRepository>
          <Outlet />
        </LinkedRepository>
      </AppShell.Main>
      <AppShell.Footer className={classes.footer} hiddenFrom="sm">
        <Navigation bar />
      </AppShell.Footer>
    </AppShell>
  )
}

function UnknownProject({ project }: { project: string }) {
  return (
    <main>
      <Empty
        title={`There is no project ${project}`}
        action={
          <Button component={Link} to="/">
            Open another
          </Button>
        }
      >
        Or you are not a member of it; then its owner can add you.
      </Empty>
    </main>
  )
}
