/** Label of a Workflow: the run that it executes. */
export const RUN_LABEL = 'faultline.dev/run'
/** Label of a ChaosEngine: the Workflow that made it. */
export const ENGINE_WORKFLOW = 'faultline.dev/workflow'
/** Annotation of a ChaosEngine: the pod of the step that made it; a pod's name is too long for a label. */
export const ENGINE_POD = 'faultline.dev/pod'
