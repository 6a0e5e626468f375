/**
 * Canonical JSON: the same value is always the same text, so that it can be hashed.
 *
 * Rule: keys in the order of their UTF-16 code units, no white space, numbers and strings as JSON.stringify writes them.
 * When it misleads: two numbers beyond 2^53 can become one before they get here; keep such numbers as text.
 * Source: RFC 8785, JSON Canonicalization Scheme (2020), https://www.rfc-editor.org/rfc/rfc8785
 *
 *   canonicalJson({ b: 1, a: [true, null] }) // '{"a":[true,null],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
