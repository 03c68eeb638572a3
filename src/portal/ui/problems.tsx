import type { Problem } from '../../domain/index.ts'
import { Icon } from './icon.tsx'
import classes from './problems.module.css'
import { FileLink } from './repository-links.tsx'

interface ProblemsProps {
  problems: readonly Problem[]
  /** makes each line a way to its place */
  onPick?: (problem: Problem) => void
  /** of the repository: each line leads to it at the git host */
  file?: { path: string; commit: string | null }
}

/** What is wrong with a text, with line and reason. */
export function Problems({ problems, onPick, file }: ProblemsProps) {
  if (problems.length === 0) return null
  return (
    <ul className={classes.problems}>
      {problems.map((problem) => (
        <li
          key={`${problem.code} ${problem.line}:${problem.column} ${problem.message}`}
          data-severity={problem.severity}
        >
          <Icon name={problem.severity === 'error' ? 'cross' : 'alert'} size={13} />
          {onPick && problem.line !== undefined ? (
            <button type="button" onClick={() => onPick(problem)}>
              {where(problem)}
            </button>
          ) : (
            <span className={classes.where}>
              {file ? (
                <FileLink {...file} line={problem.line}>
                  {where(problem)}
                </FileLink>
              ) : (
                where(problem)
              )}
            </span>
          )}
          <span>{problem.message}</span>
        </li>
      ))}
    </ul>
  )
}

function where({ line, column }: Problem): string {
  if (line === undefined) return 'file'
  return column === undefined ? `line ${line}` : `${line}:${column}`
}
