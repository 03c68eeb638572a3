import { messageOf, ProblemError } from '../client/problem-error.ts'
import classes from './form-problem.module.css'
import { Icon } from './icon.tsx'
import { Problems } from './problems.tsx'

/** Why a form was not accepted; what was typed stays. */
export function FormProblem({ error }: { error: unknown }) {
  if (!error) return null
  return (
    <div className={classes.problem} role="alert">
      <Icon name="alert" />
      <div>
        {messageOf(error)}
        {error instanceof ProblemError ? <Problems problems={error.problems} /> : null}
      </div>
    </div>
  )
}
