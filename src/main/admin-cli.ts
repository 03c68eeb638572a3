import type { Command } from 'commander'
import { type Env, exitWith, type Output, outputOption, print } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { serverSettings } from './settings.ts'

/** `faultline admin …`: for whoever runs the server, with the server's settings. */
export function addAdminCommands(program: Command, env: Env): void {
  const admin = program.command('admin').description('for whoever runs the server')
  admin
    .command('reset-password <login>')
    .description('set a new random password and print it')
    .addOption(outputOption())
    .action((login: string, { output }: Output) =>
      exitWith(output, async () => {
        const { resetPassword } = await import('./admin.ts')
        const password = await resetPassword(serverSettings(env), login)
        const text = `New password of ${login}: ${password}\nIt must be changed at the next login.`
        print(output === 'json' ? JSON.stringify({ login, password }, null, 2) : text)
        return EXIT.ok
      })
    )
  admin
    .command('rotate-key')
    .description('seal every stored credential with FAULTLINE_SECRET_KEY, also what FAULTLINE_SECRET_KEY_OLD sealed')
    .addOption(outputOption())
    .action(({ output }: Output) =>
      exitWith(output, async () => {
        const { rotateKey } = await import('./rotate-key.ts')
        const { credentials, unreadable } = await rotateKey(serverSettings(env))
        const lost =
          unreadable.length === 0 ? '' : `\nNeither key opens one of: ${unreadable.join(', ')}. Enter it again.`
        const text = `${credentials} credentials are sealed with the new key.${lost}`
        print(output === 'json' ? JSON.stringify({ credentials, unreadable }, null, 2) : text)
        return unreadable.length === 0 ? EXIT.ok : EXIT.failed
      })
    )
}
