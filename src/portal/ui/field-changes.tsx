import { changeSentence, type FieldChange } from '../../domain/index.ts'
import classes from './field-changes.module.css'

/** A page is to be read: a workload may have changed in hundreds of fields. */
const MOST = 6

/** What changed of a workload: images as they are written, all else in words, as many values are told as hashes. */
export function FieldChanges({ workload, changes }: { workload: string; changes: readonly FieldChange[] }) {
  const rest = changes.length - MOST
  return (
    <>
      {changes.slice(0, MOST).map((change) => (
        <span key={`${change.aspect}/${change.key}`} className={classes.change}>
          {change.aspect === 'image' ? <ImageChange change={change} /> : changeSentence(workload, change)}
        </span>
      ))}
      {rest > 0 ? <span className={classes.change}>and {rest} more</span> : null}
    </>
  )
}

function ImageChange({ change: { before, after } }: { change: FieldChange }) {
  return (
    <>
      <code>{before ?? 'none'}</code> → <code>{after ?? 'none'}</code>
    </>
  )
}
