/**
 * Secrets: finds what looks like a credential in text that is about to be published.
 *
 * Rule: forms that their issuers have published (a prefix and a length), private keys, and passwords inside addresses of other hosts.
 * When it misleads: a secret without a form of its own, such as a password in a sentence, is not found.
 * A line that ends with `not-a-secret` is an example and is passed over.
 */
const PATTERNS = [
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['Slack token', /\bxox[abposr]-[A-Za-z0-9-]{10,}/],
  ['Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['Stripe key', /\b[rs]k_live_[0-9A-Za-z]{20,}/],
  ['JSON web token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  [
    'password in an address',
    /\b[a-z][a-z0-9+]*:\/\/[^\s/:@'"`$]+:[^\s/@'"`$]{3,}@(?!127\.0\.0\.1|localhost|host\b|postgres\b)/,
  ],
];
const EXAMPLE = /not-a-secret\W*$/;

/** @returns {{ line: number, kind: string }[]} never the secret itself, for this is printed. */
export function findSecrets(text) {
  return text.split('\n').flatMap((content, index) => {
    if (EXAMPLE.test(content)) return [];
    return PATTERNS.filter(([, pattern]) => pattern.test(content)).map(([kind]) => ({
      line: index + 1,
      kind,
    }));
  });
}
