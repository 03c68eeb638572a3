import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CreatedInfrastructure, Infrastructure } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import { ENVIRONMENTS } from '../../ui/environments.ts'
import { When } from '../../ui/when.tsx'
import classes from './infrastructures.module.css'
import { PlaceActions } from './place-actions.tsx'

interface PlaceCardProps {
  place: Infrastructure
  onToken: (created: CreatedInfrastructure) => void
}

/** One infrastructure: what it is, whether its agent is there, what is going on on it. */
export function PlaceCard({ place, onToken }: PlaceCardProps) {
  const project = useProject()
  const { name, aliases, kind, environment, agentVersion, allowCommands, workloads, liveRuns } = place
  return (
    <section className={classes.place} aria-label={name}>
      <header className={classes.head}>
        <div className={classes.title}>
          <h2>{name}</h2>
          <p>
            {kind}
            {place.namespace === null ? '' : `, namespace ${place.namespace}`}, {ENVIRONMENTS[environment]}
            {place.isDefault ? ', default of this project' : ''}
          </p>
        </div>
        <PlaceActions place={place} onToken={onToken} />
      </header>
      <p className={classes.presence}>
        <Chip face={place.seenAt === null ? CONNECTION.awaited : CONNECTION[place.connected ? 'connected' : 'away']} />
        <Presence place={place} />
      </p>
      <dl className={classes.facts}>
        <Fact name="Engine">{engineText(place.engine)}</Fact>
        <Fact name="Agent">{agentVersion ?? 'none yet'}</Fact>
        <Fact name="Commands of probes">{allowCommands ? 'allowed' : 'not allowed'}</Fact>
        {kind === 'kubernetes' ? (
          <Fact name="Whole nodes">{place.nodeFaults ? 'may be harmed' : 'left alone'}</Fact>
        ) : null}
        {place.watch.length === 0 ? null : <Fact name="Further kinds">{place.watch.join(', ')}</Fact>}
        <Fact name="Workloads">
          <Link to="/p/$project/events" params={{ project }} search={{ tab: 'workloads' }}>
            {workloads}
          </Link>
        </Fact>
        <Fact name="Runs under way">
          <Link to="/p/$project/runs" params={{ project }} search={{ infrastructure: place.id }}>
            {liveRuns}
          </Link>
        </Fact>
        {aliases.length === 0 ? null : <Fact name="Also known as">{aliases.join(', ')}</Fact>}
      </dl>
      {place.manages ? null : <p className={classes.quiet}>Managed by the project that added it.</p>}
    </section>
  )
}

function Presence({ place: { seenAt, connected, awaited } }: { place: Infrastructure }) {
  if (seenAt === null) return <span>{awaited ? 'Its token was not used yet.' : null}</span>
  return (
    <span>
      {connected ? 'seen ' : 'lost, last seen '}
      <When at={seenAt} />
      {awaited ? '; a new token waits to be used' : ''}
    </span>
  )
}

function engineText(engine: Infrastructure['engine']): string {
  if (engine.kind === 'builtin') return 'builtin, in the agent'
  const instance = engine.instance === null ? '' : `, instance ${engine.instance}`
  return `Argo Workflows, in namespace ${engine.namespace}${instance}`
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
