import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

export interface KeyAndCertificate {
  /** PEM, as `createServer` of node:https takes them */
  key: string
  cert: string
}

export interface Authority {
  /** its own certificate, PEM */
  pem: string
  /** a certificate of a server; `for` is a subjectAltName, `days` below 0: it has expired */
  issue(options?: { for?: string; days?: number }): Promise<KeyAndCertificate>
}

/** A certificate authority of a test, made by the system's openssl; its files are in `folder`. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const file = (ending: string) => join(folder, `${name.replaceAll(' ', '-')}.${ending}`)
  const ca = { key: file('ca.key'), cert: file('ca.pem') }
  const signing = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  await openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    ca.key,
    '-out',
    ca.cert,
    '-subj',
    `/CN=${name}`,
    '-days',
    '30',
    ...signing
  )
  let issued = 0
  return {
    pem: await readFile(ca.cert, 'utf8'),
    issue: async ({ for: names = 'IP:127.0.0.1', days = 30 } = {}) => {
      const number = ++issued
      const own = (ending: string) => file(`${number}.${ending}`)
      const [key, request, cert] = [own('key'), own('csr'), own('pem')]
      const extensions = ['-addext', `subjectAltName=${names}`, '-addext', 'basicConstraints=critical,CA:FALSE']
      await openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', '/CN=git host', ...extensions)
      const signed = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-copy_extensions', 'copy']
      await openssl('x509', '-req', '-in', request, '-out', cert, '-days', String(days), ...signed)
      return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
    }
  }
}

/** A certificate that nobody but itself has signed. */
export async function makeSelfSigned(folder: string): Promise<KeyAndCertificate> {
  const [key, cert] = [join(folder, 'self.key'), join(folder, 'self.pem')]
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1']
  await openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    key,
    '-out',
    cert,
    '-subj',
    '/CN=lonely host',
    '-days',
    '30',
    ...names
  )
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
}

async function openssl(...args: string[]): Promise<void> {
  await run('openssl', args)
}
