/** What Argo Workflows and Litmus' operator serve, with the names that it has in paths. */
export const WORKFLOWS = { api: '/apis/argoproj.io/v1alpha1', plural: 'workflows' }
export const CHAOS_ENGINES = { api: '/apis/litmuschaos.io/v1alpha1', plural: 'chaosengines' }
export const CHAOS_RESULTS = { api: '/apis/litmuschaos.io/v1alpha1', plural: 'chaosresults' }
