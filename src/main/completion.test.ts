import { spawnSync } from 'node:child_process'
import { Argument, Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { completionScript, type Shell } from './completion.ts'

function program(): Command {
  const root = new Command('faultline').description('the whole').version('1')
  root
    .command('validate <file...>')
    .description("judge a team's files")
    .addOption(new Option('-o, --output <format>', 'how').choices(['text', 'json', 'github']))
  root.command('completion').addArgument(new Argument('<shell>', 'that reads it').choices(['bash', 'zsh']))
  const local = root.command('local').description('of this machine')
  local.command('set').description('change').command('image <what>').option('-n, --namespace <name>', 'where')
  local.command('get').description('show')
  return root
}

/** What bash would offer for the last of these words. */
function offered(...words: string[]): string[] {
  const line = ['faultline', ...words].map((word) => `'${word}'`).join(' ')
  const script = `${completionScript(program(), 'bash')}
    COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _faultline; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter((word) => word !== '')
}

it.each<[string[], string[]]>([
  [[''], ['validate', 'completion', 'local', '--version', '-V', '--help']],
  [['v'], ['validate']],
  [
    ['local', ''],
    ['set', 'get', '--help']
  ],
  [['local', 'set', 'i'], ['image']],
  [['completion', 'z'], ['zsh']],
  [
    ['local', 'set', 'image', '--'],
    ['--namespace', '--help']
  ],
  [['validate', '--o'], ['--output']],
  [
    ['validate', '-o', ''],
    ['text', 'json', 'github']
  ],
  [['validate', '--output', 'g'], ['github']],
  // a value that is called as a command is none
  [
    ['validate', 'local', '-'],
    ['--output', '-o', '--help']
  ],
  [['validate', 'file'], []]
])('bash after %j offers %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected)
})

describe.each<Shell>(['bash', 'zsh', 'fish'])('%s', (shell) => {
  const there = spawnSync(shell, ['--version']).status === 0

  it('has every command and option', () => {
    const script = completionScript(program(), shell)
    for (const word of ['validate', 'local', 'set', 'image', 'get', 'github', 'output', 'namespace']) {
      expect(script).toContain(word)
    }
  })

  it.skipIf(!there)('reads it without a complaint', () => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: completionScript(program(), shell), encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })
})
