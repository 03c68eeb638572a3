export {
  agentAccount,
  agentManifest,
  agentNamespace,
  manifestText
} from './agent/agent-manifest.ts'
export { argoRules, faultRules, ownRules, workRules } from './agent/agent-rules.ts'
export {
  type CompileOptions,
  type CompileResult,
  compileDefinition,
  type DefinitionManifest,
  definitionKind,
  notAWorkflow,
  type ParseOptions,
  type ParseResult,
  parseDefinition,
  RULES_VERSION
} from './definition.ts'
export type { Parameter } from './kind.ts'
export { type PastedResult, readPastedChange } from './policy/pasted-change.ts'
export { CONDITION_KEYS, DAYS, FIELD_KEYS, OTHERWISE, POLICY_KEYS } from './policy/policy-keys.ts'
export { policyOf } from './policy/policy-of.ts'
export { POLICY_TEMPLATES } from './policy/policy-templates.ts'
export { renamedText } from './rename.ts'
export { latestTime, nextTime, nextTimes } from './schedule/next-times.ts'
export { LIMITS } from './source.ts'
export { TEMPLATES, type TemplateField, type WorkflowTemplate } from './templates.ts'
