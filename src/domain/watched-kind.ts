/** A further kind of workload that an agent watches, beside Deployment, StatefulSet and DaemonSet. */
export interface WatchedKind {
  group: string
  version: string
  kind: string
  /** as in paths and roles: `rollouts` */
  plural: string
  /** where its pod template is; null = where the kinds of Kubernetes, Argo and Knative have it */
  template: readonly string[] | null
}

export const WATCHED_KIND_FORM = 'GROUP/VERSION/KIND, or GROUP/VERSION/KIND:path.to.template'

const GROUP = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/
const VERSION = /^v[0-9]+((alpha|beta)[0-9]+)?$/
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/
const TEMPLATE = /^[A-Za-z][A-Za-z0-9]{0,62}(\.[A-Za-z][A-Za-z0-9]{0,62}){0,9}$/

/** `argoproj.io/v1alpha1/Rollout`, `example.com/v1/Fleet:spec.pods.template`; null = it is no such text. */
export function readWatchedKind(text: string): WatchedKind | null {
  const [place = '', template, beyond] = text.split(':')
  const [group = '', version = '', kind = '', more] = place.split('/')
  if (more !== undefined || beyond !== undefined) return null
  if (!GROUP.test(group) || !VERSION.test(version) || !KIND.test(kind)) return null
  if (template !== undefined && !TEMPLATE.test(template)) return null
  return { group, version, kind, plural: pluralOf(kind), template: template?.split('.') ?? null }
}

/** As Kubernetes names the resource of a kind where nobody says otherwise. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`
}
