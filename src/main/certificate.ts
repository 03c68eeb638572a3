import { X509Certificate } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { AppError, type Clock, type Logger } from '../platform/index.ts'

/** Paths of PEM files: the certificate with its chain, and its private key. */
export interface CertificateFiles {
  cert: string
  key: string
}

export interface Certificate {
  cert: Buffer
  key: Buffer
  validTo: Date
}

const LOOK_EVERY_MS = 5_000
const SOON_MS = 14 * 24 * 3_600_000

/** Rejects with `main/bad-certificate`, which names the file and the reason: not readable, not PEM, not a pair. */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = [await read('FAULTLINE_TLS_CERT', files.cert), await read('FAULTLINE_TLS_KEY', files.key)]
  try {
    createSecureContext({ cert, key })
    return { cert, key, validTo: new X509Certificate(cert).validToDate }
  } catch (error) {
    throw bad(`${files.cert} and ${files.key} are no certificate with its key`, error)
  }
}

export interface Watch {
  files: CertificateFiles
  /** what is served from now on */
  replace: (certificate: Certificate) => void
  clock: Clock
  log: Logger
  lookEveryMs?: number
}

/** Serves what is renewed without a restart; what cannot be served is said, and the one before stays. Returns how to end it. */
export function watchCertificate({ files, replace, clock, log, lookEveryMs = LOOK_EVERY_MS }: Watch): () => void {
  const changed = async () => {
    try {
      const certificate = await readCertificate(files)
      replace(certificate)
      log.info({ cert: files.cert, validTo: certificate.validTo }, 'the certificate was read again')
      warnOfEnd(certificate, { files, clock, log })
    } catch (err) {
      log.error({ err, cert: files.cert }, 'the changed certificate cannot be served; the one before stays')
    }
  }
  const listener = () => void changed()
  // looked at, not listened to: a file that is renewed is often a link that is moved
  for (const path of Object.values(files)) watchFile(path, { interval: lookEveryMs, persistent: false }, listener)
  return () => {
    for (const path of Object.values(files)) unwatchFile(path, listener)
  }
}

export function warnOfEnd(
  { validTo }: Certificate,
  { files, clock, log }: Pick<Watch, 'files' | 'clock' | 'log'>
): void {
  if (validTo.getTime() - clock.now().getTime() > SOON_MS) return
  log.warn({ cert: files.cert, validTo }, 'the certificate has ended or ends soon; renew it')
}

async function read(setting: string, path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => Promise.reject(bad(`${setting} (${path}) cannot be read`, error)))
}

/** OpenSSL's own words hold no key material. */
function bad(what: string, cause: unknown): AppError {
  const message = `${what}: ${cause instanceof Error ? cause.message : String(cause)}. Both must be PEM files.`
  return new AppError({ code: 'main/bad-certificate', kind: 'invalid', message, cause })
}
