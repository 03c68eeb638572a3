import { type ApiOptions, createApi, replaceCertificate } from '../api/index.ts'
import { AppError, type Clock, type Logger, type Shutdown } from '../platform/index.ts'
import { type Certificate, readCertificate, warnOfEnd, watchCertificate } from './certificate.ts'
import { portalFolder } from './portal-folder.ts'
import type { ServerSettings } from './settings.ts'
import { VERSION } from './version.ts'

export interface ApiPlace {
  settings: ServerSettings
  demo: boolean
  publicUrl: URL
  clock: Clock
  log: Logger
  shutdown: Shutdown
}

type Api = Awaited<ReturnType<typeof createApi>>
type Rooms = Pick<ApiOptions, 'store' | 'accounts' | 'sync' | 'runs' | 'trigger' | 'hooks' | 'catalogue' | 'metrics'>

/** Serves the API and the portal where the settings say. */
export async function openApi(rooms: Rooms, place: ApiPlace): Promise<void> {
  const { settings, demo, publicUrl, clock, log, shutdown } = place
  const certificate = settings.certificate === null ? null : await readCertificate(settings.certificate)
  const api = await createApi({
    ...rooms,
    ...{ demo, publicUrl, certificate, clock, log },
    version: VERSION,
    agentImage: settings.agentImage,
    portalFolder: await portalFolder(log),
    trustedProxies: settings.trustedProxies,
    metricsToken: settings.metricsToken,
    extraHosts: settings.publicUrl === null ? [`localhost:${settings.port}`] : [`127.0.0.1:${settings.port}`]
  })
  shutdown.add('api', () => api.close())
  if (certificate !== null) keepCertificate(certificate, api, place)
  await listen(api, settings)
}

function keepCertificate(certificate: Certificate, api: Api, { settings, clock, log, shutdown }: ApiPlace): void {
  const { certificate: files } = settings
  if (files === null) return
  warnOfEnd(certificate, { files, clock, log })
  const replace = (renewed: Certificate) => replaceCertificate(api, renewed)
  const end = watchCertificate({ files, replace, clock, log })
  shutdown.add('certificate', async () => end())
}

async function listen(api: Api, { host, port }: ServerSettings): Promise<void> {
  try {
    await api.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw error
    const message = `Port ${port} of ${host} is in use by another program. End it, or choose another port with FAULTLINE_PORT.`
    throw new AppError({ code: 'main/port-in-use', kind: 'invalid', message, cause: error })
  }
}
