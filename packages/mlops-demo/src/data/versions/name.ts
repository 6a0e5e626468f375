/**
 * Names of data versions, and which of them is the newest.
 *
 * in:  a manifest's bytes → out: flights-2001-01-3fa92c1b04d2: data set, days, and the beginning of the manifest's SHA-256
 *
 * Rule: the manifest holds the data's digest and the parent's name, so a name fixes its whole history, as a commit does.
 * The newest version of some days is the one that no other version of the same days has as parent.
 */
import { createHash } from 'node:crypto';
import { dateOf, dayNumber } from '../../flights.js';
import type { BatchLength, DataManifest, NamedManifest } from './manifest.js';

export const DIGITS = 12;
const VERSION = /^([a-z][a-z-]*)-(\d{4}-\d{2}(?:-\d{2})?)-[0-9a-f]{12}$/;

type Batch = Pick<DataManifest, 'dataset' | 'by' | 'from' | 'through'>;

/** The bytes under which a manifest or a report is kept. */
export function jsonBytes(content: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}

/** The name of the version that these manifest bytes describe. */
export function nameOf(manifest: Pick<DataManifest, 'dataset' | 'by' | 'from'>, bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, DIGITS);
  return `${manifest.dataset}-${periodOf(manifest)}-${digest}`;
}

/** Whether a text has the form of a version's name. */
export function isVersionName(text: string): boolean {
  return VERSION.test(text);
}

/** The days as a person says them: `2001-01` or `2001-01-15`. */
export function periodOf({ by, from }: Pick<DataManifest, 'by' | 'from'>): string {
  return by === 'month' ? from.slice(0, 7) : from;
}

/** Whether a person means this batch by `2001-01` or `flights-2001-01`. */
export function isMeantBy(
  reference: string,
  { dataset, period }: { dataset: string; period: string },
): boolean {
  return reference === period || reference === `${dataset}-${period}`;
}

/** What a version's name says of its batch. */
export function periodIn(version: string): { dataset: string; period: string } {
  const [, dataset = '', period = ''] = VERSION.exec(version) ?? [];
  return { dataset, period };
}

/** The batches that these days fall into. A month that the days cover in part is a batch of those days. */
export function batchesOf(
  days: { from: string; through: string },
  by: BatchLength,
): { from: string; through: string }[] {
  const batches: { from: string; through: string }[] = [];
  const last = dayNumber(days.through);
  for (let day = dayNumber(days.from); day <= last;) {
    const end = by === 'day' ? day : Math.min(lastOfMonth(day), last);
    batches.push({ from: dateOf(day), through: dateOf(end) });
    day = end + 1;
  }
  return batches;
}

function lastOfMonth(day: number): number {
  const date = new Date(`${dateOf(day)}T00:00:00Z`);
  return dayNumber(
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10),
  );
}

/** The newest version of the same days, if there is one; of a fork (doubt.ts) the first. */
export function newestOf(days: Batch, versions: readonly NamedManifest[]): NamedManifest | undefined {
  return leavesOf(days, versions)[0];
}

/** The versions of the same days that no other one follows. More than one is a fork. */
export function leavesOf(days: Batch, versions: readonly NamedManifest[]): NamedManifest[] {
  const same = versions.filter(
    ({ manifest }) =>
      manifest.dataset === days.dataset &&
      manifest.by === days.by &&
      manifest.from === days.from &&
      manifest.through === days.through,
  );
  const parents = new Set(same.map(({ manifest }) => manifest.parent));
  return same.filter(({ version }) => !parents.has(version));
}

/** The newest version of each batch, oldest days first. */
export function newestVersions(versions: readonly NamedManifest[]): NamedManifest[] {
  const newest = versions.filter((each) => newestOf(each.manifest, versions)?.version === each.version);
  return newest.sort((a, b) => a.manifest.from.localeCompare(b.manifest.from));
}

/** What a new batch follows: the version of the same days before it, else the newest one that ends before it begins. */
export function parentOf(days: Batch, versions: readonly NamedManifest[]): NamedManifest | undefined {
  const before = newestVersions(versions).filter(
    ({ manifest }) =>
      manifest.dataset === days.dataset && manifest.by === days.by && manifest.through < days.from,
  );
  return newestOf(days, versions) ?? before.at(-1);
}
