/**
 * Server-sent events at `GET /api/v1/stream?project=ID`: hints that something changed, by topic; the client reads it
 * again. On (re)connect it reads everything again, so nothing is missed however long it was away.
 */
export const STREAM_TOPICS = ['workflows', 'workflow', 'gitops', 'runs', 'run', 'changes', 'infrastructures'] as const
export type StreamTopic = (typeof STREAM_TOPICS)[number]

export interface StreamEvent {
  project: string
  topic: StreamTopic
  /** workflow name or run id, where one is meant */
  id: string | null
}
