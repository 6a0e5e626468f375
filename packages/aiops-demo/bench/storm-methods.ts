/** Ways to group alerts, side by side: each says for every alert, in order of arrival, which notification it belongs to. */
import { correlateAlert, createAlertMemory } from 'aiops-demo';
import type { CallGraph } from 'aiops-demo';
import type { Storm } from './storm.js';

export interface Grouping {
  /** The final group of each alert. */
  readonly groups: readonly string[];
  /** How often a person was told: groups that were opened, also those that later became part of another. */
  readonly notifications: number;
  /** The services each group shows as causes; undefined where a method does not say. */
  readonly causes?: ReadonlyMap<string, ReadonlySet<string>>;
}

export type GroupingMethod = (storm: Storm) => Grouping;

/** Alertmanager waits group_wait, 30 s by default, before it tells of a new group; so do we. */
const GROUP_WAIT_MS = 30_000;
/** As ours forgets. */
const GAP_MS = 600_000;
/** As ours holds together. */
const TOGETHER_MS = 180_000;

export const ours: GroupingMethod = ({ graph, alerts }) => {
  const memory = createAlertMemory(graph);
  const parent = new Map<number, number>();
  const openedAt = new Map<number, number>();
  const causes = new Map<string, ReadonlySet<string>>();
  let silent = 0;
  const placed = alerts.map(({ alert, arrivedAt }) => {
    const { group, as, merged } = correlateAlert(alert, arrivedAt, memory);
    if (as === 'opening') openedAt.set(group.id, arrivedAt);
    for (const id of merged) {
      parent.set(id, group.id);
      causes.delete(String(id));
      if (arrivedAt - (openedAt.get(id) ?? 0) < GROUP_WAIT_MS) silent += 1;
    }
    causes.set(String(group.id), group.causes);
    return group.id;
  });
  const final = (id: number): number => {
    const next = parent.get(id);
    return next === undefined ? id : final(next);
  };
  return {
    groups: placed.map((id) => String(final(id))),
    notifications: openedAt.size - silent,
    causes,
  };
};

/** Every arrival is a notification. */
export const noGrouping: GroupingMethod = ({ alerts }) => counted(alerts.map((_, index) => String(index)));

/** One notification for each fingerprint until it was silent for ten minutes. */
export const fingerprintOnly: GroupingMethod = ({ alerts }) =>
  bySilence(
    alerts.map(({ arrivedAt, alert }) => ({ key: alert.fingerprint, at: arrivedAt })),
    GAP_MS,
  );

/** Everything that arrives within three minutes of the alert before. */
export const timeOnly: GroupingMethod = ({ alerts }) =>
  bySilence(
    alerts.map(({ arrivedAt }) => ({ key: '', at: arrivedAt })),
    TOGETHER_MS,
  );

/** Connected services, whatever the direction, within three minutes: topology without causes. */
export const connectedOnly: GroupingMethod = ({ graph, alerts }) => {
  const partOf = parts(graph);
  return bySilence(
    alerts.map(({ arrivedAt, alert }) => ({ key: partOf(alert.service), at: arrivedAt })),
    TOGETHER_MS,
  );
};

function bySilence(arrivals: readonly { key: string; at: number }[], gapMs: number): Grouping {
  const last = new Map<string, { at: number; group: string }>();
  return counted(
    arrivals.map(({ key, at }, index) => {
      const before = last.get(key);
      const group = before !== undefined && at - before.at <= gapMs ? before.group : `${key}#${index}`;
      last.set(key, { at, group });
      return group;
    }),
  );
}

function counted(groups: readonly string[]): Grouping {
  return { groups, notifications: new Set(groups).size };
}

function parts(graph: CallGraph): (service: string) => string {
  const parent = new Map<string, string>();
  const top = (service: string): string => {
    const next = parent.get(service);
    return next === undefined ? service : top(next);
  };
  for (const { from, to } of graph) if (top(from) !== top(to)) parent.set(top(from), top(to));
  return top;
}
