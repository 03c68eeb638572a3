import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Mark } from '../../ui/mark.tsx'
import { Strata } from '../../ui/strata.tsx'
import classes from './auth-layout.module.css'

/** A page before there is a project: one quiet column. */
export function AuthLayout({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Faultline`)
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <Mark size={30} />
          <span>Faultline</span>
        </div>
        <h1>{title}</h1>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
        {children}
      </div>
      <div className={classes.ground}>
        <Strata height={230} />
      </div>
    </main>
  )
}
