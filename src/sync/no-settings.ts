import { projectFolder } from '../domain/index.ts'
import type { SettingsRow } from '../store/index.ts'
import type { Desk } from './desk.ts'

export const DEFAULT_POLL_SECONDS = 30

/** Off, and nothing entered yet. */
export function noSettings({ clock }: Pick<Desk, 'clock'>, project: string): SettingsRow {
  return {
    projectId: project,
    enabled: false,
    url: '',
    branch: 'main',
    path: projectFolder(project),
    username: '',
    tokenSealed: null,
    sshKeySealed: null,
    sshPassphraseSealed: null,
    sshPublicKey: null,
    hostKeys: null,
    provider: null,
    ca: null,
    proxyUrl: null,
    proxyUsername: '',
    proxyPasswordSealed: null,
    hookSecretSealed: null,
    runOnPush: 'never',
    activateSchedules: false,
    pollSeconds: DEFAULT_POLL_SECONDS,
    epoch: 0,
    enabledAt: null,
    pausedBy: null,
    pausedAt: null,
    workflowsDeletedAt: null,
    updatedAt: clock.now()
  }
}
