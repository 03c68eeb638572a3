import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { Icon } from './icon.tsx'
import { HostLink, useRepositoryLinks } from './repository-links.tsx'

/** Copies a text, and says so. */
export function Copy({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copy ${what}`}>
            <Icon name={copied ? 'check' : 'copy'} size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A commit, short, with the whole id to copy; it leads to its page at the git host. */
export function Commit({ id }: { id: string }) {
  const links = useRepositoryLinks()
  return (
    <span style={{ alignItems: 'center', display: 'inline-flex', gap: 2 }}>
      <HostLink href={links?.commit(id)}>
        <code title={id}>{id.slice(0, 7)}</code>
      </HostLink>
      <Copy value={id} what="commit id" />
    </span>
  )
}
