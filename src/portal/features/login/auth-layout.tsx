import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Icon } from '../../ui/icon.tsx'
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
        {window.isSecureContext ? null : <NoTls />}
      </div>
      <div className={classes.ground}>
        <Strata height={230} />
      </div>
    </main>
  )
}

/** Browsers count loopback as secure, so it is said where a password really travels. */
function NoTls() {
  return (
    <p className={classes.noTls}>
      <Icon name="alert" />
      <span>
        <b>This connection is not encrypted.</b> What you type here can be read on the way. Whoever runs this server can
        give it a certificate, or put a proxy with TLS in front.
      </span>
    </p>
  )
}
