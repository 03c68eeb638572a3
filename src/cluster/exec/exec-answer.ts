import { isTree, textAt, treesAt } from '../../domain/index.ts'
import type { CommandEnd } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'

/** The subprotocol: each message is one byte that names a channel, then bytes of it. */
export const EXEC_PROTOCOL = 'v4.channel.k8s.io'
const LARGEST = 64 * 1024
const [OUTPUT, ERRORS, STATUS] = [1, 2, 3]

/** What a command says, while it comes: its output, its errors, and how it ended (a `Status` of metav1). */
export class ExecAnswer {
  readonly #chunks = new Map<number, Buffer[]>([OUTPUT, ERRORS, STATUS].map((channel) => [channel, []]))
  #bytes = 0

  /** Errors: `cluster/exec-too-much`. Messages of other channels are none of ours. */
  take(message: Buffer): void {
    const [channel = -1] = message
    this.#bytes += message.length
    if (this.#bytes > LARGEST) throw tooMuch()
    this.#chunks.get(channel)?.push(message.subarray(1))
  }

  /** How it ended; null: the connection was closed before that was told. Errors: `cluster/exec-failed`. */
  end(): CommandEnd | null {
    const status = this.#text(STATUS)
    if (status === '') return null
    return { code: exitCode(parsed(status)), output: this.#text(OUTPUT), errors: this.#text(ERRORS) }
  }

  #text(channel: number): string {
    return Buffer.concat(this.#chunks.get(channel) ?? []).toString('utf8')
  }
}

function exitCode(status: unknown): number {
  if (textAt(status, 'status') === 'Success') return 0
  const cause = treesAt(status, 'details', 'causes').find(({ reason }) => reason === 'ExitCode')
  const code = Number.parseInt(textAt(cause, 'message') ?? '', 10)
  if (textAt(status, 'reason') === 'NonZeroExitCode' && Number.isInteger(code)) return code
  throw failed(textAt(status, 'message') ?? 'its node did not say why')
}

function parsed(text: string): unknown {
  try {
    const status: unknown = JSON.parse(text)
    return isTree(status) ? status : { message: text }
  } catch {
    return { message: text }
  }
}

function failed(why: string): AppError {
  const message = `the command could not be run in the container: ${why.slice(0, 500)}`
  return new AppError({ code: 'cluster/exec-failed', kind: 'invalid', message })
}

function tooMuch(): AppError {
  const message = `the command said more than ${LARGEST} bytes`
  return new AppError({ code: 'cluster/exec-too-much', kind: 'invalid', message })
}
