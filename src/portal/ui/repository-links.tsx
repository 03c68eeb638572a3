import { createContext, type ReactNode, useContext } from 'react'
import type { FilePlace, RepositoryLinks } from '../../domain/index.ts'
import { Icon } from './icon.tsx'
import classes from './repository-links.module.css'

/** Pages of the git host that the project's repository is at; null: there is none, or they are not known. */
const LinksContext = createContext<RepositoryLinks | null>(null)

export const RepositoryLinksProvider = LinksContext.Provider

export function useRepositoryLinks(): RepositoryLinks | null {
  return useContext(LinksContext)
}

/** To a page of the git host; without one the same without a link. */
export function HostLink({ href, children }: { href: string | null | undefined; children: ReactNode }) {
  if (href === null || href === undefined) return children
  return (
    <a className={classes.link} href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <Icon name="external" size={11} />
      <span className="visually-hidden"> (at the git host, in a new tab)</span>
    </a>
  )
}

/** A file of the repository; `commit` null: it is not there yet. */
export function FileLink({ path, commit, line, children }: FileLinkProps) {
  const links = useRepositoryLinks()
  const place = commit === null ? null : { path, commit, ...(line !== undefined && { line }) }
  return <HostLink href={place && links?.file(place)}>{children ?? <code>{path}</code>}</HostLink>
}

interface FileLinkProps extends Omit<FilePlace, 'commit' | 'line'> {
  commit: string | null
  line?: number | undefined
  /** instead of the path */
  children?: ReactNode
}
