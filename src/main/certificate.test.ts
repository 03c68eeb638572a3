import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makeSelfSigned } from '../../test/harness/certificates.ts'
import { silentLogger, systemClock } from '../platform/index.ts'
import { type Certificate, readCertificate, watchCertificate } from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-tls-'))
const files = { cert: join(folder, 'self.pem'), key: join(folder, 'self.key') }
afterAll(() => rmSync(folder, { recursive: true }))

it('files that are missing, are no PEM, or are not a pair are named, and the key is not printed', async () => {
  await makeSelfSigned(folder)
  await expect(readCertificate({ ...files, key: join(folder, 'none') })).rejects.toMatchObject({
    code: 'main/bad-certificate',
    message: expect.stringMatching(/FAULTLINE_TLS_KEY.*none.*cannot be read/)
  })
  const other = join(folder, 'other.key')
  copyFileSync(files.key, other)
  await makeSelfSigned(folder)
  await expect(readCertificate({ ...files, key: other })).rejects.toMatchObject({ code: 'main/bad-certificate' })
  writeFileSync(other, 'not a key: hunter2')
  const refused = await readCertificate({ ...files, key: other }).catch((error: Error) => error)
  expect(String(refused)).not.toContain('hunter2')
})

it('what is renewed is served; half of a renewal is not, and the one before stays', async () => {
  await makeSelfSigned(folder)
  const served: Certificate[] = []
  const replace = (certificate: Certificate) => served.push(certificate)
  const end = watchCertificate({ files, replace, clock: systemClock, log: silentLogger(), lookEveryMs: 20 })
  try {
    writeFileSync(files.cert, 'half')
    const { cert } = await makeSelfSigned(folder)
    await expect.poll(() => served.at(-1)?.cert.toString()).toBe(cert)
    expect(served.every(({ cert }) => cert.toString() !== 'half')).toBe(true)
  } finally {
    end()
  }
})
