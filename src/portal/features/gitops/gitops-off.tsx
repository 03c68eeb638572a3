import { Stack } from '@mantine/core'
import { useState } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { DeletedCard } from './deleted-card.tsx'
import classes from './gitops.module.css'
import { GitopsForm } from './gitops-form.tsx'

/** The choice, then the way into git. */
export function GitopsOff({ gitops }: { gitops: Gitops }) {
  const { manage } = useMay()
  const [git, setGit] = useState(gitops.url !== '')
  return (
    <>
      <DeletedCard gitops={gitops} />
      <Card title="Where do workflows live?">
        <div className={classes.choice} role="radiogroup" aria-label="Where do workflows live?">
          <Choice
            title="In Faultline only"
            chosen={!git}
            onChoose={() => setGit(false)}
            text="Workflows are kept by this server. Every save is a revision. This is how it is now."
          />
          <Choice
            title="In a git repository"
            chosen={git}
            onChoose={() => setGit(true)}
            text="What is pushed there appears here, what is edited here is committed there, and nothing is lost on the way."
          />
        </div>
      </Card>
      {git ? (
        <Stack gap={18}>
          {manage ? (
            <GitopsForm gitops={gitops} />
          ) : (
            <Card>Only an owner of the project can connect a repository.</Card>
          )}
        </Stack>
      ) : null}
    </>
  )
}

function Choice(props: { title: string; text: string; chosen: boolean; onChoose: () => void }) {
  return (
    <label className={classes.option} data-chosen={props.chosen}>
      <input type="radio" name="home" checked={props.chosen} onChange={props.onChoose} />
      <span>
        <strong>{props.title}</strong>
        {props.text}
      </span>
    </label>
  )
}
