/** The tabs of a workflow's page, as they are in its URL. */
export const WORKFLOW_TABS = ['definition', 'runs', 'history', 'triggers'] as const
export type WorkflowTab = (typeof WORKFLOW_TABS)[number]
