// Runs before npm scripts, on whatever Node the machine has (18 or newer): makes sure that what they need is there.
//   --portal  build the portal when its sources are newer than the build
//   --test    install what tests need (tools/setup-test.mjs) when it is missing
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_HOST_NODE = 18
const OLDEST_NODE = 24
const OLDEST_GIT = [2, 39]
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const NPM_NODE = join(ROOT, 'node_modules/.bin/node')
const INSTALL_STAMP = join(ROOT, 'node_modules/.package-lock.sha256')
const PORTAL_STAMP = join(ROOT, 'dist/portal.sha256')
/** What the portal's bundle is made of: its own folder, and the rooms that it shares with the server. */
const PORTAL_SOURCES = ['src/portal', 'src/contract', 'src/domain', 'src/manifest', 'vite.config.ts']

function main(flags) {
  requireHostNode()
  requireGit()
  installPackages()
  linkNode()
  requireNpmNode()
  if (flags.includes('--test')) prepareTests()
  if (flags.includes('--portal')) buildPortal()
}

function requireHostNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_HOST_NODE) return
  fail(`Node ${OLDEST_HOST_NODE} or newer is needed to install, this is ${process.versions.node}.`)
}

function requireGit() {
  const text = output('git', ['--version'])
  const found = /(\d+)\.(\d+)/.exec(text ?? '')
  if (!found) fail(`git ${OLDEST_GIT.join('.')} or newer is needed, and there is none on the PATH.`)
  const [major, minor] = [Number(found[1]), Number(found[2])]
  if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return
  fail(`git ${OLDEST_GIT.join('.')} or newer is needed, this is ${found[0]}.`)
}

function installPackages() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex')
  if (textOf(INSTALL_STAMP) === hash) return
  if (!installedFrom(JSON.parse(lock.toString()))) {
    say('Installing packages (npm ci), about half a minute…')
    withNewNode(JSON.parse(lock.toString()), (path) => npmCi(ROOT, path))
  }
  writeFileSync(INSTALL_STAMP, hash)
}

// npm would print a line for each package that wants a newer Node than the machine's
function npmCi(folder, path = process.env.PATH) {
  const args = ['ci', '--loglevel=error', '--no-fund', '--no-audit']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', env: { ...process.env, PATH: path } })
  if (status !== 0) fail('npm ci failed, its output says why.')
}

/**
 * On a Node that is too old for them npm leaves optional packages out without a word: the binaries of the bundler. So
 * npm itself runs on the Node that it is about to install, taken first by a lock of its own, integrity included.
 */
function withNewNode(lock, install) {
  const name = `node-${process.platform}-${process.arch}`
  const entry = lock.packages[`node_modules/${name}`]
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE || entry === undefined) return install()
  const folder = mkdtempSync(join(tmpdir(), 'faultline-node-'))
  try {
    const root = { name: 'node-first', version: '1.0.0', dependencies: { [name]: entry.version } }
    const packages = { '': root, [`node_modules/${name}`]: { ...entry, optional: false } }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...root, private: true }))
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...root, lockfileVersion: 3, packages }))
    npmCi(folder)
    install(`${join(folder, 'node_modules/.bin')}${delimiter}${process.env.PATH}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * npm writes its own list of what it installed as its last act: it is missing after an interrupted install and differs
 * after another lock. Packages of other platforms are in the lock alone.
 */
function installedFrom(lock) {
  const text = textOf(join(ROOT, 'node_modules/.package-lock.json'))
  if (text === undefined) return false
  const installed = JSON.parse(text).packages
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '')
  return (
    wanted.every(([path, { version, optional }]) =>
      installed[path] ? installed[path].version === version : optional
    ) && Object.keys(installed).every((path) => lock.packages[path])
  )
}

/** The platform package has Node as its `bin`, which npm links; without links (`--no-bin-links`) it is done here. */
function linkNode() {
  const binary = `node-${process.platform}-${process.arch}/bin/node`
  if (!existsSync(NPM_NODE) && existsSync(join(ROOT, 'node_modules', binary))) {
    mkdirSync(dirname(NPM_NODE), { recursive: true })
    rmSync(NPM_NODE, { force: true })
    symlinkSync(join('..', binary), NPM_NODE)
  }
  // built for another C library: npm scripts then use the installed one
  if (existsSync(NPM_NODE) && npmNodeVersion() === undefined) rmSync(NPM_NODE)
}

function requireNpmNode() {
  const version = npmNodeVersion()
  if (Number(version?.split('.')[0]) >= OLDEST_NODE) return
  fail(
    `Node ${OLDEST_NODE} or newer is needed and npm brought none that runs here; this is ${version}: see nodejs.org.`
  )
}

function npmNodeVersion() {
  if (!existsSync(NPM_NODE)) return process.versions.node
  return output(NPM_NODE, ['--version'])?.trim().replace(/^v/, '')
}

function prepareTests() {
  run(process.execPath, [join(ROOT, 'tools/setup-test.mjs'), '--quiet'], 'What the tests need could not be installed.')
}

function buildPortal() {
  const hash = portalHash()
  if (textOf(PORTAL_STAMP) === hash && existsSync(join(ROOT, 'dist/portal/index.html'))) return
  say('Building the portal, some seconds…')
  rmSync(PORTAL_STAMP, { force: true })
  const node = existsSync(NPM_NODE) ? NPM_NODE : process.execPath
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  run(node, [vite, 'build', '--logLevel', 'warn'], 'The portal could not be built, the output above says why.')
  writeFileSync(PORTAL_STAMP, hash)
}

function portalHash() {
  const hash = createHash('sha256').update(textOf(INSTALL_STAMP) ?? '')
  for (const path of PORTAL_SOURCES.flatMap((source) => filesOf(source)).sort())
    if (!path.includes('.test.')) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

function filesOf(path) {
  if (/\.\w+$/.test(path)) return [path]
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]
  )
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return undefined
  }
}

function run(command, args, problem) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) fail(problem)
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(problem) {
  process.stderr.write(`faultline: ${problem}\n`)
  process.exit(1)
}

main(process.argv.slice(2))
