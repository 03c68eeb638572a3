/** How the commands for pipelines end; the same for each of them, and part of what they promise. */
export const EXIT = {
  /** it passed, is valid, is in sync */
  ok: 0,
  /** it failed, is below the score, is not valid, needs a person */
  failed: 1,
  /** the command was not given as it must be: options, settings, files */
  usage: 2,
  /** it could not be found out: no server, not allowed, refused, ended by an error or by somebody */
  notRun: 3,
  /** `plan --detailed-exit-code`: it would change something, and nothing needs a person */
  changes: 4,
  /** SIGINT or SIGTERM; what was running was stopped and has recovered */
  interrupted: 130
} as const
