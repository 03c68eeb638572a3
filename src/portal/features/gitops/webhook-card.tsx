import { Button, Group, Select, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useMay, useProject } from '../../frame/current.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './gitops.module.css'
import { providerHint } from './provider-hint.ts'
import { useAdoptGitops } from './queries.ts'
import { everyWords, isLoopback, knockScript, OWN_SCRIPT, WEBHOOK_STEPS } from './webhook-steps.ts'

/** The git host tells of a push: where to, with which secret, whether it works. */
export function WebhookCard({ gitops }: { gitops: Gitops }) {
  const { manage } = useMay()
  const { hook } = gitops
  return (
    <Card title="Webhook">
      <Stack gap="md">
        <span>
          The git host knocks at each push, and it is here at once instead of within {everyWords(gitops.pollSeconds)}. A
          knock is a hint: what counts is what the branch has.
        </span>
        <div>
          <span className={classes.explained}>Address for the git host:</span>
          <CommandBlock text={hook.url} what="webhook address" />
          {isLoopback(hook.url) ? (
            <p className={classes.quiet}>
              Only this machine finds this address. For a git host elsewhere set <code>FAULTLINE_PUBLIC_URL</code>.
            </p>
          ) : null}
        </div>
        {manage ? <SecretMaker hasSecret={hook.hasSecret} /> : null}
        <Knocks gitops={gitops} />
        {manage ? <Steps gitops={gitops} /> : null}
      </Stack>
    </Card>
  )
}

/** A secret is shown once, where it was made. */
function SecretMaker({ hasSecret }: { hasSecret: boolean }) {
  const [asking, setAsking] = useState(false)
  const make = useMakeSecret(() => setAsking(false))
  return (
    <div>
      {make.data ? (
        <>
          <span className={classes.explained}>The secret. Copy it now; it is not shown again:</span>
          <CommandBlock text={make.data.secret} what="webhook secret" />
        </>
      ) : (
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<Icon name="key" size={13} />}
            loading={make.isPending}
            onClick={() => (hasSecret ? setAsking(true) : make.mutate())}
          >
            {hasSecret ? 'Generate another secret…' : 'Generate secret'}
          </Button>
          <span className={classes.explained}>
            {hasSecret ? 'There is one, never shown again.' : 'There is none yet.'}
          </span>
        </Group>
      )}
      {asking ? null : <FormProblem error={make.error} />}
      <ConfirmDialog
        opened={asking}
        title="Generate another secret"
        leave="Keep the old one"
        act="Generate"
        pending={make.isPending}
        error={make.error}
        onClose={() => setAsking(false)}
        onAct={() => make.mutate()}
      >
        The secret before counts no more: until the new one is set at the git host, its webhooks are not heard, and
        pushes are found by polling.
      </ConfirmDialog>
    </div>
  )
}

function Knocks({ gitops: { hook, sync, pollSeconds, pollsEvery } }: { gitops: Gitops }) {
  const looked = sync.checkedAt !== null && hook.heardAt !== null && sync.checkedAt >= hook.heardAt
  return (
    <dl className={classes.settings}>
      <dt>Heard last</dt>
      <dd>
        {hook.heardAt === null ? (
          'never'
        ) : (
          <>
            <When at={hook.heardAt} />
            {hook.event ? `, ${hook.event}` : ''}; {looked ? 'git was looked at afterwards' : 'git is looked at next'}
          </>
        )}
      </dd>
      {hook.refusedAt ? (
        <>
          <dt>Not heard</dt>
          <dd>
            <When at={hook.refusedAt} />: {hook.refusal}
          </dd>
        </>
      ) : null}
      <dt>Polling</dt>
      <dd>
        {pollsEvery > pollSeconds
          ? `every ${everyWords(pollsEvery)} instead of ${everyWords(pollSeconds)}, because the webhook has announced the last change. It hurries again as soon as a change comes without a knock.`
          : `every ${everyWords(pollSeconds)}. It takes its time once the webhook has announced a change.`}
      </dd>
    </dl>
  )
}

function Steps({ gitops: { url, provider, hook } }: { gitops: Gitops }) {
  const known = WEBHOOK_STEPS.find(({ host }) => host === providerHint(url, provider)?.provider)?.host
  const [host, setHost] = useState(known ?? OWN_SCRIPT)
  const chosen = WEBHOOK_STEPS.find((one) => one.host === host)
  return (
    <details className={classes.fold}>
      <summary>How to set it up</summary>
      <Select
        label="How to set it up at"
        data={[...WEBHOOK_STEPS.map((one) => one.host), OWN_SCRIPT]}
        value={host}
        allowDeselect={false}
        onChange={(value) => setHost(value ?? host)}
        maw={260}
      />
      {chosen ? (
        <>
          <ol className={classes.steps}>
            {chosen.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <Test>{chosen.test}</Test>
        </>
      ) : (
        <>
          <p className={classes.quiet}>
            POST to the address, with the HMAC-SHA-256 of the body, in hex, as <code>x-faultline-signature</code>:
          </p>
          <CommandBlock text={knockScript(hook.url)} what="script" />
          <Test>These lines knock once; paste the secret when asked.</Test>
        </>
      )}
    </details>
  )
}

function Test({ children }: { children: ReactNode }) {
  return (
    <p className={classes.quiet}>
      <b>To try it:</b> {children} “Heard last” above changes when it arrives; if it does not, “Not heard” says why, and
      if neither does, the host does not reach this server.
    </p>
  )
}

function useMakeSecret(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: async () => {
      const made = await api.call('POST /projects/:project/gitops/hook-secret', { params: { project } })
      adopt(await api.call('GET /projects/:project/gitops', { params: { project } }))
      return made
    },
    onSuccess: onDone
  })
}
