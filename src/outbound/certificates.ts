import { X509Certificate } from 'node:crypto'
import { AppError } from '../platform/index.ts'

/** A certificate as people recognise it. */
export interface Certificate {
  subject: string
  expiresAt: Date
  /** SHA-256, as `openssl x509 -fingerprint -sha256` shows it */
  fingerprint: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g
const MAX_CERTIFICATES = 20

/**
 * The certificate authorities in a text of PEM blocks, which a host's certificate may be signed by; a certificate that
 * signs itself is its own. Rejects with `outbound/bad-certificate`, saying what is wrong.
 */
export function parseAuthorities(pem: string): Certificate[] {
  const blocks = [...pem.matchAll(BLOCK)]
  if (blocks.some(([, kind]) => kind?.includes('PRIVATE KEY')))
    throw bad('a private key is in it. Nobody needs it here: paste the certificate alone, and keep the key to yourself')
  if (blocks.length === 0) throw bad('no block -----BEGIN CERTIFICATE----- is in it')
  if (blocks.length > MAX_CERTIFICATES) throw bad(`there are more than ${MAX_CERTIFICATES} certificates in it`)
  return blocks.map(([block], index) => authority(block, index + 1))
}

/** One that has expired vouches for nothing. Rejects with `outbound/bad-certificate`. */
export function requireCurrent(authorities: readonly Certificate[], now: Date): void {
  const old = authorities.find(({ expiresAt }) => expiresAt <= now)
  if (old !== undefined) throw bad(`${old.subject} has expired on ${old.expiresAt.toISOString().slice(0, 10)}`)
}

/** The blocks alone, as they are stored and handed to TLS. */
export function plainAuthorities(pem: string): string {
  return [...pem.matchAll(BLOCK)].map(([block]) => `${block.replaceAll('\r\n', '\n')}\n`).join('')
}

function authority(block: string, number: number): Certificate {
  const certificate = read(block, number)
  const subject = nameOf(certificate.subject)
  if (!certificate.ca && certificate.issuer !== certificate.subject)
    throw bad(`${subject} is no authority: it was issued by ${nameOf(certificate.issuer)}, whose certificate is needed`)
  return { subject, expiresAt: new Date(certificate.validTo), fingerprint: certificate.fingerprint256 }
}

function read(block: string, number: number): X509Certificate {
  try {
    return new X509Certificate(block)
  } catch {
    throw bad(`block ${number} is no certificate; it is pasted whole, with its first and last line`)
  }
}

/** `CN=…` before the rest, on one line, bounded: whoever made it has chosen the text. */
function nameOf(distinguishedName: string): string {
  const parts = distinguishedName.split('\n').reverse()
  return (
    parts
      .join(', ')
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .slice(0, 200) || 'a certificate without a name'
  )
}

function bad(why: string): AppError {
  const message = `This is no certificate of an authority: ${why}.`
  return new AppError({ code: 'outbound/bad-certificate', kind: 'invalid', message })
}
