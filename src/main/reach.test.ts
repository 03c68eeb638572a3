import { expect, it } from 'vitest'
import { exposureWarning, publicUrlOf } from './reach.ts'
import { serverSettings } from './settings.ts'

const FILES = { FAULTLINE_TLS_CERT: 'a.crt', FAULTLINE_TLS_KEY: 'a.key' }

it.each([
  [{}, 'http://127.0.0.1:7070/', false],
  [{ FAULTLINE_HOST: '::1' }, 'http://[::1]:7070/', false],
  [{ FAULTLINE_HOST: '0.0.0.0' }, 'http://0.0.0.0:7070/', true],
  [{ FAULTLINE_HOST: '::' }, 'http://[::]:7070/', true],
  [{ FAULTLINE_HOST: '10.0.0.7', FAULTLINE_PUBLIC_URL: 'http://faultline.example' }, 'http://faultline.example/', true],
  [
    { FAULTLINE_HOST: '0.0.0.0', FAULTLINE_PUBLIC_URL: 'https://faultline.example' },
    'https://faultline.example/',
    false
  ],
  [{ FAULTLINE_HOST: '0.0.0.0', ...FILES }, 'https://0.0.0.0:7070/', false]
])('%j is opened as %s; passwords could be read on the way: %s', (env, url, exposed) => {
  const settings = serverSettings(env as Record<string, string>)
  expect(publicUrlOf(settings).href).toBe(url)
  expect(exposureWarning(settings) !== null).toBe(exposed)
})

it.each([
  [{ FAULTLINE_TLS_CERT: 'a.crt' }, /give both/],
  [{ FAULTLINE_TRUSTED_PROXIES: '10.0.0.0/33' }, /10\.0\.0\.0\/33/],
  [{ FAULTLINE_TRUSTED_PROXIES: '127.0.0.1, proxy.example' }, /proxy\.example/],
  [{ FAULTLINE_TRUSTED_PROXIES: '::/129' }, /::\/129/],
  [
    { FAULTLINE_HTTPS_PROXY: 'socks5://me:hidden@proxy.example' },
    /^FAULTLINE_HTTPS_PROXY: This is no HTTP proxy(?!.*hidden)/
  ]
])('%j is refused', (env, message) => {
  expect(() => serverSettings(env as Record<string, string>)).toThrow(message)
})
