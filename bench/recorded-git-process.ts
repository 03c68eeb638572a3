import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/**
 * A git host that answers what it was asked before from memory: `recorded-git-process.ts <port of the real one>`.
 * It prints its port. All its repositories are one and the same, so that one recorded answer is every one's.
 */
const upstream = Number(process.argv[2])
const recorded = new Map<string, { status: number; type: string; body: Buffer }>()
let asked = 0

const server = createServer((incoming, response) => {
  if (incoming.url === '/asked') response.end(String(asked))
  else void answer(incoming, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// ends with whoever started it, however that ended
process.stdin.resume().on('end', () => process.exit())
process.stdout.write(`${(server.address() as { port: number }).port}\n`)

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await incoming.toArray())
  const question = body.includes('command=ls-refs') ? body.toString('latin1') : null
  const known = question === null ? undefined : recorded.get(question)
  if (question !== null) asked += 1
  const said = known ?? (await forward(incoming, body))
  if (question !== null && said.status === 200) recorded.set(question, said)
  response.writeHead(said.status, { 'content-type': said.type, 'content-length': said.body.length }).end(said.body)
}

async function forward({ method, url, headers }: IncomingMessage, body: Buffer) {
  const sent = request({ host: '127.0.0.1', port: upstream, method, path: url, headers })
  sent.end(body)
  const [answered] = (await once(sent, 'response')) as [IncomingMessage]
  return {
    status: answered.statusCode ?? 500,
    type: String(answered.headers['content-type'] ?? 'text/plain'),
    body: Buffer.concat(await answered.toArray())
  }
}
