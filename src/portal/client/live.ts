import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { StreamEvent } from '../../contract/index.ts'
import { keys, staleKeys } from './keys.ts'

/** Events come in bursts; what they name is read again once per this time, in ms. */
const GATHER_MS = 250
const RETRY_MS = 2000
/** A reconnect shorter than this shows nothing, in ms. */
const PATIENCE_MS = 1500

/** Keeps what the project's pages show up to date for as long as it is mounted. Answers whether the line is lost. */
export function useLive(project: string): { lost: boolean } {
  const client = useQueryClient()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    const stale = new Map<string, readonly unknown[]>()
    const flush = () => {
      for (const queryKey of stale.values()) void client.invalidateQueries({ queryKey })
      stale.clear()
    }
    return listen(project, {
      onHello: () => void client.invalidateQueries({ queryKey: keys.project(project) }),
      onEvent: (event) => {
        if (stale.size === 0) setTimeout(flush, GATHER_MS)
        for (const key of staleKeys(event)) stale.set(JSON.stringify(key), key)
      },
      onLost: setLost
    })
  }, [client, project])
  return { lost }
}

interface Listener {
  /** connected (again), or the server lost sight: anything may have changed */
  onHello: () => void
  onEvent: (event: StreamEvent) => void
  onLost: (lost: boolean) => void
}

/** Opens the stream and opens it again whenever the browser gives up; answers what ends it. */
function listen(project: string, listener: Listener): () => void {
  let source: EventSource | null = null
  let retry: number | undefined
  let worry: number | undefined
  const open = () => {
    source = new EventSource(`/api/v1/stream?project=${encodeURIComponent(project)}`)
    source.addEventListener('hello', () => {
      clearTimeout(worry)
      worry = undefined
      listener.onLost(false)
      listener.onHello()
    })
    source.onmessage = (message) => listener.onEvent(JSON.parse(String(message.data)) as StreamEvent)
    source.onerror = () => {
      worry ??= window.setTimeout(() => listener.onLost(true), PATIENCE_MS)
      if (source?.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY_MS)
    }
  }
  open()
  return () => {
    clearTimeout(retry)
    clearTimeout(worry)
    source?.close()
  }
}
