/** How good is a grouping? Its groups against the troubles that raised the alerts. */
import type { Storm } from './storm.js';
import type { Grouping } from './storm-methods.js';

export interface StormScore {
  readonly alerts: number;
  readonly troubles: number;
  readonly notifications: number;
  /** Groups with alerts of more than one trouble, and all groups. */
  readonly wrongMerges: number;
  readonly groups: number;
  /** Troubles whose alerts are in more than one group. */
  readonly wrongSplits: number;
  /** Pairs of alerts: together in both, in the grouping, in truth. */
  readonly pairs: { readonly both: number; readonly grouped: number; readonly true: number };
  /** Troubles whose root alerts and is shown as a cause, and those whose root alerts. */
  readonly rootsShown: number | null;
  readonly rootsTold: number;
}

export function scoreGrouping(storm: Storm, { groups, notifications, causes }: Grouping): StormScore {
  const [byGroup, byTrouble] = [new Map<string, number[]>(), new Map<number, string[]>()];
  storm.alerts.forEach(({ trouble }, index) => {
    const group = groups[index] ?? '';
    push(byGroup, group, trouble);
    push(byTrouble, trouble, group);
  });
  const cells = count(storm.alerts.map(({ trouble }, index) => `${trouble}|${groups[index]}`));
  const told = new Map<number, string>();
  storm.alerts.forEach(({ alert, trouble }, index) => {
    if (alert.service === storm.roots[trouble]) told.set(trouble, groups[index] ?? '');
  });
  const shown = [...told].filter(([trouble, group]) => causes?.get(group)?.has(storm.roots[trouble] ?? ''));
  return {
    alerts: storm.alerts.length,
    troubles: byTrouble.size,
    notifications,
    wrongMerges: [...byGroup.values()].filter((troubles) => new Set(troubles).size > 1).length,
    groups: byGroup.size,
    wrongSplits: [...byTrouble.values()].filter((found) => new Set(found).size > 1).length,
    pairs: {
      both: pairsIn(cells),
      grouped: pairsIn([...byGroup.values()].map(({ length }) => length)),
      true: pairsIn([...byTrouble.values()].map(({ length }) => length)),
    },
    rootsShown: causes === undefined ? null : shown.length,
    rootsTold: told.size,
  };
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function count(keys: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()];
}

function pairsIn(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}
