import { AppError } from '../platform/index.ts'

/** git's packet lines: four hexadecimal digits of length, then the payload (gitprotocol-common). */

export const FLUSH = '0000'
export const DELIMITER = '0001'

export function packet(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text
}

/** The payloads of an answer without their line feeds; a flush is null. */
export function parsePackets(body: Buffer): (string | null)[] {
  const packets: (string | null)[] = []
  let at = 0
  while (at < body.length) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16)
    if (Number.isNaN(length) || at + Math.max(length, 4) > body.length) throw badAnswer()
    if (length < 4) packets.push(null)
    else packets.push(body.toString('utf8', at + 4, at + length).replace(/\n$/, ''))
    at += Math.max(length, 4)
  }
  return packets
}

export function badAnswer(): AppError {
  return new AppError({
    code: 'git/bad-answer',
    kind: 'stalled',
    message: 'What answers at this address does not speak the git protocol: check the repository address.'
  })
}
