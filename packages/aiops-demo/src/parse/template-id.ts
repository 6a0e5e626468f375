/**
 * Template ids that are the same in every run: a hash of the template as it was first seen.
 *
 * in: the first template of a cluster → out: 8 hexadecimal digits
 *
 * Rule: FNV-1a, 32 bits. The id is given once; the template may widen later. Two processes that meet the same
 * line first give the same id.
 * When it misleads: two processes that meet different lines of one statement first give different ids.
 * Source: Fowler, Noll, Vo, http://www.isthe.com/chongo/tech/comp/fnv/, test vectors of 1991-2012.
 *
 *   templateId('foobar', () => false) // 'bf9cf968', the published FNV-1a value
 */

/** Names a template. `isTaken` settles the rare collision: the newcomer gets a suffix. */
export function templateId(template: string, isTaken: (id: string) => boolean): string {
  const id = fnv1a(template).toString(16).padStart(8, '0');
  if (!isTaken(id)) return id;
  let suffix = 2;
  while (isTaken(`${id}-${suffix}`)) suffix += 1;
  return `${id}-${suffix}`;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
