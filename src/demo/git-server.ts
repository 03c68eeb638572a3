import { type ChildProcess, spawn } from 'node:child_process'
import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'

export interface GitServerOptions {
  folder: string
  /** the password of any user name */
  token: string
  /** may fetch, may not push */
  readOnlyToken?: string
  port?: number
  /** PEM; with it https is spoken */
  tls?: { key: string; cert: string }
}

export interface GitServer {
  port: number
  url(repository: string): string
  createRepository(name: string, options: { branch: string; preReceive?: string }): Promise<void>
  /** folder of the bare repository, for tests that build hostile trees */
  repositoryFolder(name: string): string
  /** answers no request any more, but keeps the connections open: a host that hangs */
  hang(hanging: boolean): void
  /** answers every request like this from now on; null: as usual again */
  refuse(answer: { status: number; headers?: Record<string, string> } | null): void
  /** the user name that came with the last token */
  lastUser(): string | null
  /** how many HTTP requests have come so far */
  requests(): number
  close(): Promise<void>
}

interface State {
  hanging: boolean
  refusal: Parameters<GitServer['refuse']>[0]
  requests: number
  user: string | null
}

/** A real git server over smart HTTP on loopback: `git http-backend` behind a token. It serves the demo and the tests. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  await mkdir(options.folder, { recursive: true })
  const children = new Set<ChildProcess>()
  const state: State = { hanging: false, refusal: null, requests: 0, user: null }
  const answer: RequestListener = (request, response) => {
    state.requests += 1
    const login = loginOf(request)
    if (login !== null) state.user = login.user
    if (state.hanging) return
    if (state.refusal !== null) {
      response.writeHead(state.refusal.status, state.refusal.headers ?? {}).end('not now\n')
      return
    }
    const rights = rightsOf(request, options)
    if (rights === 'none') response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('wrong token\n')
    else if (rights === 'read' && isPush(request)) response.writeHead(403).end('this token may not push\n')
    else backend({ request, response, folder: options.folder, children })
  }
  const server = options.tls ? createHttpsServer(options.tls, answer) : createServer(answer)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const repositoryFolder = (name: string) => join(options.folder, `${name}.git`)
  return {
    port,
    url: (repository) => `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/${repository}.git`,
    repositoryFolder,
    createRepository: (name, how) => createRepository(repositoryFolder(name), how),
    hang: (hanging) => {
      state.hanging = hanging
    },
    refuse: (refusal) => {
      state.refusal = refusal
    },
    lastUser: () => state.user,
    requests: () => state.requests,
    close: async () => {
      server.closeAllConnections()
      for (const child of children) child.kill('SIGKILL')
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}

async function createRepository(
  folder: string,
  { branch, preReceive }: { branch: string; preReceive?: string }
): Promise<void> {
  await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, folder])
  for (const setting of ['http.receivepack=true', 'uploadpack.allowFilter=true']) {
    const [key = '', value = ''] = setting.split('=')
    await git(['--git-dir', folder, 'config', key, value])
  }
  if (preReceive === undefined) return
  const hook = join(folder, 'hooks', 'pre-receive')
  await mkdir(join(folder, 'hooks'), { recursive: true })
  await writeFile(hook, preReceive)
  await chmod(hook, 0o755)
}

async function git(args: string[]): Promise<void> {
  const child = spawn('git', args, { stdio: 'ignore', env: environment() })
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}`)
}

function loginOf({ headers }: IncomingMessage): { user: string; password: string } | null {
  const encoded = /^Basic (\S+)$/.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { user, password: password.join(':') }
}

function rightsOf(request: IncomingMessage, { token, readOnlyToken }: GitServerOptions): 'none' | 'read' | 'write' {
  const given = loginOf(request)?.password ?? ''
  if (equal(given, token)) return 'write'
  return readOnlyToken !== undefined && equal(given, readOnlyToken) ? 'read' : 'none'
}

function equal(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

function isPush(request: IncomingMessage): boolean {
  return (request.url ?? '').includes('git-receive-pack')
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  folder: string
  children: Set<ChildProcess>
}

/** One CGI call of `git http-backend`; see git-http-backend(1). */
function backend({ request, response, folder, children }: Exchange): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const header = (name: string) => String(request.headers[name] ?? '')
  const child = spawn('git', ['http-backend'], {
    env: {
      ...environment(),
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: header('git-protocol'),
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      REMOTE_USER: 'demo',
      REMOTE_ADDR: '127.0.0.1',
      ...(header('content-length') !== '' && { CONTENT_LENGTH: header('content-length') })
    },
    stdio: ['pipe', 'pipe', 'ignore']
  })
  children.add(child)
  child.on('close', () => children.delete(child))
  child.on('error', () => response.writeHead(500).end())
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  response.on('close', () => child.kill('SIGKILL'))
  relay(child.stdout, response)
}

/** CGI: header lines, an empty line, the body. */
function relay(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0)
  let begun = false
  output.on('data', (chunk: Buffer) => {
    if (begun) {
      response.write(chunk)
      return
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    begun = true
    writeHead(head.toString('latin1', 0, end), response)
    response.write(head.subarray(end + 4))
  })
  output.on('end', () => response.end())
}

function writeHead(text: string, response: ServerResponse): void {
  let status = 200
  for (const line of text.split('\r\n')) {
    const [name = '', ...value] = line.split(': ')
    if (name.toLowerCase() === 'status') status = Number.parseInt(value.join(': '), 10)
    else response.setHeader(name, value.join(': '))
  }
  response.writeHead(status)
}

/** git's own configuration of whoever starts the demo has no say here. */
function environment(): Record<string, string> {
  return { PATH: PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/nonexistent' }
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin'
