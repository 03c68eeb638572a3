const LOOK_MS = 200

/**
 * npx starts us through a shell, and a SIGTERM for npx ends that shell and nothing else. Whoever was started by npm
 * therefore ends in order when its parent is gone.
 */
export function endWithNpm(env: Readonly<Record<string, string | undefined>>): void {
  if (env.npm_command === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_MS)
  timer.unref()
}
