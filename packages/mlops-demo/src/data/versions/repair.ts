/**
 * Repair: is a batch what a damaged manifest has described?
 *
 * in:  the versions, what the batch is about, its manifest for any parent → out: the manifest that was damaged, or undefined
 *
 * Rule: a version's name fixes its manifest, so the batch is tried as a child of all that it may have followed: each version of the same days,
 * and the newest one before them. Where that gives the name of a damaged one, it is that one.
 *
 * When it misleads: what was corrected since, before these days, is not tried: then the file that it was made of gives another name, and a
 * copy has to be restored.
 */
import type { DataManifest, VersionList } from './manifest.js';
import { jsonBytes, nameOf, parentOf, periodOf } from './name.js';

export function damagedManifestOf(
  { sound, damaged }: VersionList,
  about: Pick<DataManifest, 'dataset' | 'by' | 'from' | 'through'>,
  following: (parent: string | null) => DataManifest,
): DataManifest | undefined {
  const period = periodOf(about);
  const sameDays = sound.filter(({ manifest }) => periodOf(manifest) === period);
  const otherDays = sound.filter(({ manifest }) => periodOf(manifest) !== period);
  const parents = [parentOf(about, otherDays)?.version ?? null, ...sameDays.map(({ version }) => version)];
  return parents.map(following).find((manifest) => {
    const name = nameOf(manifest, jsonBytes(manifest));
    return damaged.some(({ version }) => version === name);
  });
}
