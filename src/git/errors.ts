import { AppError, type ErrorKind } from '../platform/index.ts'

interface Meaning {
  pattern: RegExp
  code: string
  kind: ErrorKind
  message: string
}

/** What to do about a certificate. */
export const CERTIFICATE_ADVICE = {
  name: 'The certificate of the git host is for another name: use the name that it was made for in the address, or give the host a certificate for this one.',
  expired: 'The certificate of the git host has expired: whoever runs the host renews it.',
  untrusted:
    'If it is signed by an authority of your own, paste that authority’s certificate in the GitOps settings; if it is signed by itself, paste it there.'
}

/** What git's own words (2.39 to 2.5x, LC_ALL=C) mean for people. The first match counts. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known for/,
    code: 'git/host-key-changed',
    kind: 'stalled',
    message: 'The git host shows another key than the one that was confirmed. Look at it in the GitOps settings.'
  },
  {
    pattern: /Permission denied \((publickey|[\w,-]+)\)|Too many authentication failures/,
    code: 'git/auth',
    kind: 'stalled',
    message: 'The git host does not accept this SSH key: add its public half there, with write access.'
  },
  {
    pattern: /Could not resolve hostname|ssh: connect to host|kex_exchange_identification|Connection (closed|reset) by/,
    code: 'git/unreachable',
    kind: 'transient',
    message: 'The git host cannot be reached over SSH; it is tried again.'
  },
  {
    pattern: /marked as read only|read-only (key|deploy)|deploy key.*read/i,
    code: 'git/read-only',
    kind: 'stalled',
    message: 'The SSH key may read but not push: give it write access to the repository.'
  },
  {
    pattern: /does not appear to be a git repository|ERROR: Repository not found|no such repository/i,
    code: 'git/not-found',
    kind: 'stalled',
    message: 'There is no such repository, or the credential may not see it.'
  },
  {
    pattern: /Authentication failed|could not read Username|could not read Password|HTTP 401|error: 401/,
    code: 'git/auth',
    kind: 'stalled',
    message: 'The repository does not accept this token: it is wrong, expired, or may not see the repository.'
  },
  {
    pattern: /HTTP code 407 from proxy|CONNECT tunnel failed, response 407|Could not resolve proxy/,
    code: 'git/proxy',
    kind: 'stalled',
    message: 'The proxy does not let Faultline through: check its address, user name and password.'
  },
  {
    pattern: /returned error: 403/,
    code: 'git/forbidden',
    kind: 'stalled',
    message:
      'The git host knows this token and forbids it the repository: give it the right to read and write, or look for a rule of the organisation (single sign-on, allowed addresses).'
  },
  {
    pattern: /repository '.*' not found|returned error: 404/,
    code: 'git/not-found',
    kind: 'stalled',
    message: 'There is no such repository, or the token may not see it.'
  },
  {
    pattern: /returned error: 3\d\d|unable to update url base from redirection/,
    code: 'git/redirect',
    kind: 'stalled',
    message: 'The repository has moved to another address: give the new one.'
  },
  {
    pattern: /returned error: 429/,
    code: 'git/busy',
    kind: 'transient',
    message: 'The git host asks for fewer requests; it is tried again later.'
  },
  {
    pattern: /returned error: 5\d\d/,
    code: 'git/host-error',
    kind: 'transient',
    message: 'The git host answers with an error of its own; it is tried again.'
  },
  {
    pattern:
      /Could not resolve host|Failed to connect|Connection refused|Connection timed out|Operation timed out|Empty reply|Recv failure|An unexpected TLS packet|wrong version number|unexpected disconnect|early EOF/,
    code: 'git/unreachable',
    kind: 'transient',
    message: 'The git host cannot be reached; it is tried again.'
  },
  {
    pattern: /does not match target host ?name|no alternative certificate subject name/,
    code: 'git/certificate-name',
    kind: 'stalled',
    message: CERTIFICATE_ADVICE.name
  },
  {
    pattern: /certificate has expired/,
    code: 'git/certificate-expired',
    kind: 'stalled',
    message: CERTIFICATE_ADVICE.expired
  },
  {
    pattern: /SSL certificate|server certificate/,
    code: 'git/certificate-untrusted',
    kind: 'stalled',
    message: `The certificate of the git host is not trusted. ${CERTIFICATE_ADVICE.untrusted}`
  },
  {
    pattern: /[Cc]ouldn't find remote ref/,
    code: 'git/missing-branch',
    kind: 'stalled',
    message: 'The branch is not in the repository.'
  },
  {
    // of this machine; what the other side says of its own begins with `remote:`
    pattern: /^(?!remote:).*No space left on device/m,
    code: 'git/disk-full',
    kind: 'stalled',
    message:
      'The disk of the Faultline server is full: whoever runs it makes room. Nothing is lost; it goes on by itself then.'
  },
  {
    pattern: /fsck error|object [\da-f]{40}: \w+: /,
    code: 'git/bad-objects',
    kind: 'stalled',
    message: 'The repository has objects that git itself refuses; `git fsck --strict` in a clone names them.'
  }
]

/** git's failure in our words; git's own are in `details`, redacted and bounded. */
export function gitError(action: string, stderr: string): AppError {
  const known = MEANINGS.find(({ pattern }) => pattern.test(stderr))
  const details = { git: stderr.trim().slice(0, 2000) }
  if (known !== undefined) return new AppError({ code: known.code, kind: known.kind, message: known.message, details })
  const line = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  return new AppError({ code: 'git/failed', kind: 'transient', message: `${action} failed: ${line}`, details })
}
