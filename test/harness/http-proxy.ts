import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface TunnelProxy {
  port: number
  /** `host:port` of each tunnel that was asked for so far */
  asked: string[]
  close(): Promise<void>
}

/** A real HTTP proxy on loopback: tunnels (`CONNECT`), behind a user name and password where `login` is given. */
export async function startHttpProxy({
  login,
  port = 0
}: {
  login?: string
  port?: number
} = {}): Promise<TunnelProxy> {
  const sockets = new Set<Duplex>()
  const asked: string[] = []
  const server = createServer((_request, response) => void response.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    sockets.add(client)
    client.on('error', () => client.destroy())
    asked.push(request.url ?? '')
    if (!mayPass(request, login)) client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    else sockets.add(tunnel(request.url ?? '', client))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

function mayPass({ headers }: IncomingMessage, login: string | undefined): boolean {
  const given = String(headers['proxy-authorization'] ?? '').replace(/^Basic /, '')
  return login === undefined || Buffer.from(given, 'base64').toString('utf8') === login
}

function tunnel(place: string, client: Duplex): Socket {
  const { hostname, port } = new URL(`http://${place}`)
  const target = connect({ host: hostname, port: Number(port) })
  target.on('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    target.pipe(client)
    client.pipe(target)
  })
  target.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'))
  target.on('close', () => client.destroy())
  client.on('close', () => target.destroy())
  return target
}
