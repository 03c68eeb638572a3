const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A DNS label: 1 to 63 of a-z, 0-9 and '-', not at the ends. Project ids and workflow names are of this form. */
export function isDnsLabel(text: string): boolean {
  return NAME.test(text)
}

/** The folder of a project in its repository: `litmus/<project-id>`. */
export function projectFolder(projectId: string): string {
  return `litmus/${projectId}`
}

/** Where a new workflow is stored: `litmus/<project-id>/<workflow-name>.yaml`. */
export function workflowPath(folder: string, name: string): string {
  return `${folder}/${name}.yaml`
}

/** The file's name without folder and extension, as the name of a workflow that has only `generateName`. */
export function fileStem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')
}

/** Where a workflow's file goes with its new name: it keeps its folder and its extension. */
export function renamedPath(path: string, name: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return `${folder}${name}${/\.yml$/i.test(path) ? '.yml' : '.yaml'}`
}
