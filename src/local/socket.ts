import { lstat, mkdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { AppError, toAppError } from '../platform/index.ts'
import { folderInUse } from './folder-lock.ts'
import type { Local } from './local.ts'
import { command, STREAMED } from './socket-commands.ts'
import { socketPath } from './socket-path.ts'

const STATUS: Record<string, number> = { invalid: 400, missing: 404, clash: 409 }

/** The agent's own door for the person at this machine: HTTP on a Unix socket that only its user may open. */
export async function openSocket(folder: string, local: Local): Promise<{ close(): Promise<void> }> {
  const path = socketPath(folder)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await requirePrivate(dirname(path))
  if (await answers(path)) throw folderInUse(folder)
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    command(request, response, local).then(
      (body) => {
        if (body !== STREAMED) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
      (error: unknown) => {
        const { code, kind, message } = toAppError(error)
        response
          .writeHead(STATUS[kind] ?? 500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code, kind, message }))
      }
    )
  })
  await listen(server, path)
  return { close: () => close(server) }
}

/** 0600 from its first moment on: the mask is that of the whole process, so it holds for this one call only. */
function listen(server: Server, path: string): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject).once('listening', resolve)
  })
  const mask = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(mask)
  }
  return listening
}

/** Anyone may make a folder in /tmp: one that is not ours alone is refused. */
async function requirePrivate(folder: string): Promise<void> {
  const found = await lstat(folder)
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return
  const message = `The folder ${folder} of the agent's socket belongs to someone else, or others may enter it. Give it to the agent's user with mode 0700, or remove it.`
  throw new AppError({ code: 'local/open-folder', kind: 'stalled', message })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
