import type { Command } from 'commander'
import { type Env, exitWith, type Output, outputOption, print, screenOf } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { serverSettings } from './settings.ts'

/** `faultline backup` and `faultline restore`: for whoever runs the server, with the server's settings. */
export function addBackupCommands(program: Command, env: Env): void {
  addBackup(program, env)
  addRestore(program, env)
}

function addBackup(program: Command, env: Env): void {
  program
    .command('backup [file]')
    .description('write everything that the database has into a file, also while the server runs; - is standard output')
    .option('--with-secret-key', 'put the key in that opens the stored credentials; then keep the file like a password')
    .addOption(outputOption())
    .action((file: string | undefined, { output, withSecretKey = false }: Output & { withSecretKey?: boolean }) =>
      exitWith(file === '-' ? 'text' : output, async () => {
        const { backUp } = await import('./backup-command.ts')
        const report = await backUp(serverSettings(env), { file: file ?? null, withSecretKey, screen: screenOf(env) })
        const text = output === 'json' ? JSON.stringify(report.document, null, 2) : report.sentence
        if (file === '-') process.stderr.write(`${text}\n`)
        else print(text)
        return EXIT.ok
      })
    )
}

function addRestore(program: Command, env: Env): void {
  program
    .command('restore <file>')
    .description('put a backup in place of the database, while no server runs')
    .option('--replace', 'also if the database holds something, which is lost')
    .option('--without-kill-switch', 'what was due since the backup may start at once, also what ran then already')
    .addOption(outputOption())
    .action((file: string, { output, replace = false, withoutKillSwitch = false }: RestoreFlags) =>
      exitWith(output, async () => {
        const { restoreFrom } = await import('./restore-command.ts')
        const wish = { file, replace, killSwitch: !withoutKillSwitch, screen: screenOf(env) }
        const report = await restoreFrom(serverSettings(env), wish)
        print(output === 'json' ? JSON.stringify(report.document, null, 2) : report.sentences.join('\n'))
        return EXIT.ok
      })
    )
}

type RestoreFlags = Output & { replace?: boolean; withoutKillSwitch?: boolean }
