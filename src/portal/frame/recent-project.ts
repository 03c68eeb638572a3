const KEY = 'faultline.project'

/** The project that this browser showed last. */
export function recentProject(): string | null {
  return localStorage.getItem(KEY)
}

export function rememberProject(project: string): void {
  localStorage.setItem(KEY, project)
}
