/** The command with which the kernel ends a program when we die, however that happens; elsewhere than on Linux as it is. */
export function boundToUs(file: string, args: readonly string[]): [file: string, args: string[]] {
  if (process.platform !== 'linux') return [file, [...args]]
  return ['setpriv', ['--pdeathsig', 'KILL', '--', file, ...args]]
}
