// Installs the API fuzzer (schemathesis, from PyPI) into .cache/fuzz when it is missing. Runs on any Node from 18 on.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = 'schemathesis==4.32.5'
const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache/fuzz')
const STAMP = join(FOLDER, 'installed')

function main() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === PACKAGE) return 0
  process.stderr.write(`Installing ${PACKAGE} for the fuzzing of the API, about half a minute…\n`)
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(dirname(FOLDER), { recursive: true })
  const made = run(
    'python3',
    ['-m', 'venv', FOLDER],
    'Python 3.10 or newer with venv is needed (apt-get install python3-venv).'
  )
  if (!made || !run(join(FOLDER, 'bin/pip'), ['install', '--quiet', PACKAGE], 'pip could not install it.')) return 1
  writeFileSync(STAMP, PACKAGE)
  return 0
}

function run(command, args, problem) {
  const { status, stderr, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (status === 0) return true
  process.stderr.write(`${problem}\n${stderr ?? ''}${error?.message ?? ''}\n`)
  return false
}

process.exitCode = main()
