// Installs the Debian and Ubuntu packages that tests need. Runs on any Node from 18 on.
//   --quiet  says nothing when nothing is missing
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Each package, what it is for, and the files of which one proves that it (or its equal) is there. */
const NEEDS = [
  {
    package: 'chromium',
    why: 'the portal is tested in a real browser',
    anyOf: onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  },
  {
    package: 'openssh-server',
    why: 'git over ssh is tested against a real sshd',
    anyOf: ['/usr/sbin/sshd', ...onPath(['sshd'])]
  },
  {
    package: 'openssl',
    why: 'git over https is tested with certificates that are made for it',
    anyOf: onPath(['openssl'])
  },
  {
    package: 'fonts-liberation',
    why: 'pages are measured with real fonts',
    anyOf: ['/usr/share/fonts/truetype/liberation', '/usr/share/fonts/truetype/liberation2']
  }
]

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function main(quiet) {
  const missing = NEEDS.filter((need) => !need.anyOf.some((file) => existsSync(file)))
  if (missing.length === 0) {
    if (!quiet) say('Everything that tests need is there.')
    return 0
  }
  say('Tests need packages that this machine does not have:')
  for (const need of missing) say(`  ${need.package}: ${need.why}`)
  return install(missing.map((need) => need.package))
}

function install(packages) {
  const update = ['apt-get', 'update', '-qq']
  const add = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]
  const root = mayInstall()
  if (!root) {
    say(`They cannot be installed from here. As root: ${update.join(' ')} && ${add.join(' ')}`)
    return 1
  }
  say(`Installing: ${add.join(' ')} (about a minute)`)
  if (!run(root, update)) say('apt-get update failed; the lists that are there are used.')
  return run(root, add) ? 0 : 1
}

/** The words before a command that make it root's; undefined where nothing does. */
function mayInstall() {
  if (!works('apt-get', ['--version'])) return undefined
  if (process.getuid?.() === 0) return []
  return works('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
}

function works(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** apt tells hundreds of lines; they are shown when it fails. */
function run(root, words) {
  const [command, ...args] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', ...words]
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8'
  })
  if (status !== 0) say([stdout, stderr, error?.message].filter(Boolean).join('\n'))
  return status === 0
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

process.exitCode = main(process.argv.includes('--quiet'))
