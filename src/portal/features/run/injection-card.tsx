import {
  attemptWords,
  type FaultStory,
  type InjectionStage,
  type InjectionStory,
  offsetText
} from '../../../domain/index.ts'
import { Chip, RECOVERIES } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import classes from './run.module.css'

const WORDS: Record<InjectionStage, string> = {
  prepared: 'undo record written',
  applied: 'applied',
  'effect-proved': 'effect proved',
  'no-effect-seen': 'no effect seen',
  recovering: 'recovering',
  recovered: 'recovery proved',
  drifted: 'over, changed by others',
  leaked: 'leaked'
}

/** What was hit, what was undone, and how that was proved. */
export function InjectionCard({ stories, startedAt }: { stories: readonly FaultStory[]; startedAt: number }) {
  const injections = stories.flatMap((story) => story.injections.map((injection) => ({ story, injection })))
  return (
    <Card title="Targets and injections" flush>
      {injections.length === 0 ? <p className={classes.none}>Nothing was hit yet.</p> : null}
      <ul className={classes.items}>
        {stories.map((story) => (
          <NotClean key={story.step} story={story} />
        ))}
        {injections.map(({ story, injection }) => (
          <Injection key={injection.id} injection={injection} story={story} startedAt={startedAt} />
        ))}
      </ul>
    </Card>
  )
}

/** A harm that has ended and left something, or may still be there: what is said for it. */
function NotClean({ story: { name, fault, ending } }: { story: FaultStory }) {
  if (ending === null || ending.recovery === 'clean') return null
  return (
    <li>
      <div className={classes.itemHead}>
        <strong>{name}</strong>
        <Chip face={RECOVERIES[ending.recovery]} />
      </div>
      <div className={classes.itemSub}>
        {fault}: {ending.evidence}
      </div>
    </li>
  )
}

function Injection(props: { injection: InjectionStory; story: FaultStory; startedAt: number }) {
  const { injection, story, startedAt } = props
  const last = injection.stages.at(-1)?.stage
  const node = nodeOf(story, injection.target)
  const attempt = attemptWords(story, injection.attempt)
  return (
    <li>
      <div className={classes.itemHead}>
        <strong>{injection.target}</strong>
        {last === 'recovered' ? <Chip face={RECOVERIES.clean} /> : null}
        {last === 'drifted' ? <Chip face={RECOVERIES.drifted} /> : null}
        {last === 'leaked' ? <Chip face={RECOVERIES.leaked} /> : null}
      </div>
      <div className={classes.itemSub}>
        {story.fault} of {story.name}
        {node ? `, on ${node}` : ''}
        {attempt === null ? '' : ` · ${attempt}`}
      </div>
      <ol className={classes.stages}>
        {injection.stages.map(({ stage, at, evidence }) => (
          <li key={stage} data-stage={stage}>
            <span>{offsetText(at - startedAt)}</span>
            <span>
              <b>{WORDS[stage]}</b> {evidence}
            </span>
          </li>
        ))}
      </ol>
    </li>
  )
}

function nodeOf(story: FaultStory, target: string): string | null {
  const found = story.rounds.flatMap(({ targets }) => targets).find(({ name }) => name === target)
  return found?.node ?? null
}
