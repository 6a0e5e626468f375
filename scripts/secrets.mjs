/**
 * Secrets: finds what looks like a credential in text that is about to be published.
 *
 * Rule: forms that their issuers have published (a prefix and a length), private keys, passwords inside addresses of other hosts, and
 * values that are given to a setting of such a name, as in a .env file or YAML.
 * When it misleads: a secret without a form of its own, such as a password in a sentence or in a program's variable, is not found.
 * A line that ends with `not-a-secret` is an example and is passed over.
 */
const SECRET_NAME = String.raw`[\w-]*(?:password|passwd|secret|token|(?:api|access)[_-]?key)`;
const PLAIN_VALUE = String.raw`["']?(?![./~$<{(%]|\w+://)[^\s"'\`,;(){}<>]{8,}["']?(?:\s*#.*|\s*)$`;

const PATTERNS = [
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['Slack token', /\bxox[abposr]-[A-Za-z0-9-]{10,}/],
  ['Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['AWS secret key', /aws_?secret_?(?:access_?)?key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i],
  ['OpenAI or Anthropic key', /\bsk-(?:(?:proj|svcacct|admin|ant)-[\w-]{20,}|[A-Za-z0-9]{40,})/],
  ['Stripe key', /\b[rs]k_live_[0-9A-Za-z]{20,}/],
  ['JSON web token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  [
    'password in an address',
    /\b[a-z][a-z0-9+]*:\/\/[^\s/:@'"`$]+:[^\s/@'"`$]{3,}@(?!127\.0\.0\.1|localhost|host\b|postgres\b)/,
  ],
  // Neither a variable, nor a path, an address (see above) or code.
  [
    'setting with a secret',
    new RegExp(`^\\s*(?:- |export |ENV |ARG )?["']?${SECRET_NAME}["']?\\s*[:=]\\s*${PLAIN_VALUE}`, 'i'),
  ],
];
const EXAMPLE = /not-a-secret\W*$/;

/** @returns {{ line: number, kind: string }[]} never the secret itself, for this is printed. */
export function findSecrets(text) {
  return text.split('\n').flatMap((content, index) => {
    if (EXAMPLE.test(content)) return [];
    const found = PATTERNS.find(([, pattern]) => pattern.test(content));
    return found === undefined ? [] : [{ line: index + 1, kind: found[0] }];
  });
}
