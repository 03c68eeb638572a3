import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './page.module.css'

interface PageProps {
  title: string
  /** beside the title: chips */
  marks?: ReactNode
  /** right of the title: buttons */
  actions?: ReactNode
  lead?: ReactNode
  children: ReactNode
}

export function Page({ title, marks, actions, lead, children }: PageProps) {
  useDocumentTitle(`${title} · Faultline`)
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          <div className={classes.title}>
            <h1>{title}</h1>
            {marks}
          </div>
          {lead ? <div className={classes.lead}>{lead}</div> : null}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}

interface CardProps {
  title?: string
  aside?: ReactNode
  flush?: boolean
  children: ReactNode
}

export function Card({ title, aside, flush = false, children }: CardProps) {
  return (
    <section className={classes.card} aria-label={title}>
      {title ? (
        <header className={classes.cardHead}>
          <h2>{title}</h2>
          {aside ? <div className={classes.aside}>{aside}</div> : null}
        </header>
      ) : null}
      <div className={flush ? undefined : classes.cardBody}>{children}</div>
    </section>
  )
}
