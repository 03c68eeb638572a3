import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { command } from './processes.ts'

/** A person's clone of the demo's repository: real git commands, with the token in the address as people paste it. */
export class Clone {
  readonly folder: string
  readonly #env: Record<string, string | undefined>

  private constructor(folder: string, env: Record<string, string | undefined>) {
    this.folder = folder
    this.#env = env
  }

  static async make(url: string, folder: string, env: Record<string, string | undefined>): Promise<Clone> {
    const person = {
      PATH: env.PATH,
      HOME: dirname(folder),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      ...(env.GIT_SSH_COMMAND && { GIT_SSH_COMMAND: env.GIT_SSH_COMMAND }),
      GIT_AUTHOR_NAME: 'Dana Developer',
      GIT_AUTHOR_EMAIL: 'dana@example.com',
      GIT_COMMITTER_NAME: 'Dana Developer',
      GIT_COMMITTER_EMAIL: 'dana@example.com'
    }
    await command('git', ['clone', '--quiet', url, folder], { env: person })
    return new Clone(folder, person)
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8')
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true })
    await writeFile(join(this.folder, path), text)
  }

  /** writes, commits all that is not committed yet, and pushes; answers the commit */
  async push(path: string, text: string, message: string): Promise<string> {
    await this.write(path, text)
    await this.git('add', '--all')
    await this.git('commit', '--quiet', '--message', message)
    await this.git('push', '--quiet', 'origin', 'HEAD:main')
    return this.head()
  }

  async remove(path: string, message: string): Promise<string> {
    await this.git('rm', '--quiet', path)
    await this.git('commit', '--quiet', '--message', message)
    await this.git('push', '--quiet', 'origin', 'HEAD:main')
    return this.head()
  }

  /** the branch's commits, newest first, in git's own format */
  log(format: string): Promise<string> {
    return this.git('log', `--format=${format}`)
  }

  async head(): Promise<string> {
    return (await this.git('rev-parse', 'HEAD')).trim()
  }

  /** any git command in the clone */
  git(...args: string[]): Promise<string> {
    return command('git', args, { env: this.#env, cwd: this.folder })
  }
}
