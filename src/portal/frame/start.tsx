import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '../styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiClient } from '../client/api-client.ts'
import { ApiProvider } from '../client/api-context.tsx'
import { SESSION_KEY } from '../client/keys.ts'
import { ProblemError } from '../client/problem-error.ts'
import { cssVariables, theme } from '../theme.ts'
import { styleNonce } from '../ui/style-nonce.ts'
import { createPortalRouter } from './router.tsx'

/** Mounts the portal; the page's only entry. */
export function startPortal(root: HTMLElement): void {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: 15_000, retry: shouldRetry, refetchOnWindowFocus: false } }
  })
  const client = new ApiClient({ onSignedOut: () => queries.setQueryData(SESSION_KEY, null) })
  const router = createPortalRouter()
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <Notifications position="bottom-right" limit={3} />
        <QueryClientProvider client={queries}>
          <ApiProvider client={client}>
            <RouterProvider router={router} />
          </ApiProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  )
}

/** Only what may pass by itself is tried again: no answer, or the server's own trouble. */
function shouldRetry(failures: number, error: Error): boolean {
  const passing = error instanceof ProblemError && (error.status === 0 || error.status >= 500)
  return passing && failures < 2
}
