export { createGit, type GitOptions } from './create-git.ts'
export type {
  BlobText,
  CheckStep,
  CommitInfo,
  FileChange,
  Git,
  GitRemote,
  Listing,
  NewCommit,
  Person,
  PushResult,
  RefusedFile,
  Tip,
  TreeFile
} from './git.ts'
export { canonicalRepository, parseRepositoryUrl, requireBranch } from './repository-url.ts'
