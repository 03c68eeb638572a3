import { connect } from 'node:net'
import type { ReadinessSpec } from '../spec/container-spec.ts'

const MAX_HEAD = 1024

/** One readiness check of a container's port on loopback: a connection, or an answer below 400. */
export function isReady(port: number, spec: ReadinessSpec): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    let head = ''
    const end = (ready: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(ready)
    }
    const timer = setTimeout(() => end(false), spec.timeoutMs)
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
    socket.on('connect', () => {
      if (spec.kind === 'tcp') end(true)
      else socket.write(`GET ${spec.path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`)
    })
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
      if (status !== undefined) end(Number(status) < 400)
      else if (head.length > MAX_HEAD) end(false)
    })
  })
}
