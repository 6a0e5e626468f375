/**
 * Which version a person means.
 *
 * in:  '2001-01', and what the store holds → out: flights-2001-01-3fa92c1b04d2, or a sentence that says why it is none
 *
 * Rule: a reference is a name, the beginning of its digest (at least four digits), or the days: `2001-01`, `flights-2001-01`. Days mean the newest
 * version of them, and none while a damaged manifest leaves that open (doubt.ts).
 */
import { doubtAboutReference } from './doubt.js';
import type { VersionList } from './manifest.js';
import { DIGITS, isMeantBy, newestVersions, periodIn } from './name.js';

/** What came of it. */
export type Resolved = { state: 'found'; version: string } | { state: 'unknown'; because: string };

/** The version that the reference means. */
export function resolve(reference: string, list: VersionList): Resolved {
  const names = [...list.sound, ...list.damaged].map(({ version }) => version);
  if (names.includes(reference)) return { state: 'found', version: reference };
  const doubt = doubtAboutReference(reference, list);
  if (doubt !== undefined) return { state: 'unknown', because: doubt };
  const ofDays = newestVersions(list.sound)
    .map(({ version }) => version)
    .filter((version) => isMeantBy(reference, periodIn(version)));
  const ofDigest = /^[0-9a-f]{4,12}$/.test(reference)
    ? names.filter((version) => version.slice(-DIGITS).startsWith(reference))
    : [];
  const matches = [...ofDays, ...ofDigest];
  if (matches.length === 1) return { state: 'found', version: matches[0]! };
  if (matches.length === 0) return { state: 'unknown', because: `there is no version '${reference}'` };
  return { state: 'unknown', because: `'${reference}' may mean ${matches.join(' or ')}` };
}
