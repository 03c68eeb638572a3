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
  PushedCommit,
  PushResult,
  RefusedFile,
  Tip,
  TreeFile
} from './git.ts'
export { refusedPath } from './listing.ts'
export { type RepositoryAddress, readAddress } from './repository-address.ts'
export { canonicalRepository, requireBranch } from './repository-url.ts'
export { formatHostKeys, type HostKey, hostKeysFor, parseHostKeys } from './ssh/host-keys.ts'
