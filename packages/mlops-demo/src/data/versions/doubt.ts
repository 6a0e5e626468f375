/**
 * What leaves open which version of some days is the newest.
 *
 * in:  the sound manifests and the damaged ones' names, some days → out: a sentence, or undefined where there is no doubt
 *
 * Rule: a damaged manifest says neither what it follows nor what is in it, but its name says which days it is about. Unless a sound version of
 * the same days follows it, it may be their newest; then nothing older may stand in for it. Two versions of the same days that nothing follows
 * are a fork: two writers corrected the same version at once, and neither is the newest.
 *
 * Example: 2001-01-cbef8bf50a51 corrected 2001-01-3b61056a475a and is damaged → whoever asks for January gets this sentence, not the rows
 * that the correction has replaced.
 */
import { dateOf, dayNumber } from '../../flights.js';
import { manifestKey } from './manifest.js';
import type { DataManifest, NamedManifest, VersionList } from './manifest.js';
import { isMeantBy, leavesOf, periodIn, periodOf } from './name.js';

type Span = Pick<DataManifest, 'dataset' | 'from' | 'through'>;

/** About the batch that a person means by `2001-01` or `flights-2001-01`. */
export function doubtAboutReference(reference: string, list: VersionList): string | undefined {
  return firstDoubt(list, (version) => isMeantBy(reference, periodIn(version)));
}

/** About any batch that holds one of the days. */
export function doubtAboutDays(days: Span, list: VersionList): string | undefined {
  return firstDoubt(list, (version) => {
    const { dataset, period } = periodIn(version);
    return dataset === days.dataset && firstOf(period) <= days.through && lastOf(period) >= days.from;
  });
}

/** About what a new batch follows. */
export function doubtAboutBatch(
  batch: Pick<DataManifest, 'dataset' | 'by' | 'from'>,
  list: VersionList,
): string | undefined {
  return doubtAboutReference(`${batch.dataset}-${periodOf(batch)}`, list);
}

/** One sentence for each batch of which nobody knows the newest version. */
export function forkSentences({ sound }: Pick<VersionList, 'sound'>): string[] {
  return forksAmong(sound, () => true);
}

function firstDoubt(list: VersionList, isMeant: (version: string) => boolean): string | undefined {
  return damageAmong(list, isMeant) ?? forksAmong(list.sound, isMeant)[0];
}

function forksAmong(sound: readonly NamedManifest[], isMeant: (version: string) => boolean): string[] {
  return sound.flatMap(({ version, manifest }) => {
    const leaves = leavesOf(manifest, sound);
    if (leaves.length < 2 || leaves[0]!.version !== version || !isMeant(version)) return [];
    const names = leaves.map((leaf) => leaf.version);
    const files = names.map(manifestKey).join(' or ');
    return [
      `${names.join(' and ')} are both the newest version of ${manifest.dataset}-${periodOf(manifest)}: delete ${files}, whichever is wrong`,
    ];
  });
}

function damageAmong(
  { sound, damaged }: VersionList,
  isMeant: (version: string) => boolean,
): string | undefined {
  const followed = new Set(
    sound
      .filter(({ version, manifest }) => manifest.parent !== null && samePeriod(version, manifest.parent))
      .map(({ manifest }) => manifest.parent),
  );
  const open = damaged.filter((each) => !followed.has(each.version) && isMeant(each.version));
  const [first] = open;
  if (first === undefined) return undefined;
  const { dataset, period } = periodIn(first.version);
  const remedy = `add the file that it was made of again, restore ${manifestKey(first.version)} from a copy, or delete that to give the version up`;
  const names = open.map(({ version }) => version).join(' and ');
  return `${names} may be the newest version of ${dataset}-${period}, but its manifest is damaged: ${remedy}`;
}

function samePeriod(a: string, b: string): boolean {
  return periodIn(a).dataset === periodIn(b).dataset && periodIn(a).period === periodIn(b).period;
}

function firstOf(period: string): string {
  return period.length === 'YYYY-MM'.length ? `${period}-01` : period;
}

function lastOf(period: string): string {
  if (period.length > 'YYYY-MM'.length) return period;
  const inNextMonth = dayNumber(`${period}-28`) + 4;
  return dateOf(dayNumber(`${dateOf(inNextMonth).slice(0, 7)}-01`) - 1);
}
