export { LIMITS } from './source.ts'
export { TEMPLATES, type TemplateField, type WorkflowTemplate } from './templates.ts'
export {
  type CompileOptions,
  type CompileResult,
  compileWorkflow,
  type Parameter,
  type ParseOptions,
  type ParseResult,
  parseWorkflow,
  RULES_VERSION,
  type WorkflowManifest
} from './workflow.ts'
