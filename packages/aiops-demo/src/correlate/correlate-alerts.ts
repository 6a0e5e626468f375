/**
 * Correlate alerts: a stream of alerts from any source becomes a few groups, one for each trouble.
 *
 * in: Alert, when it arrived → out: the group it belongs to, and what was new about it
 *
 * Rule: an alert already known by its fingerprint is a repetition. Otherwise it joins the group to which it belongs most firmly (relation.ts),
 * or opens one. Groups that it explains become part of its group: causes merge their effects, effects never merge their causes, so
 * two troubles that meet in a common caller stay two. Within a group, alerts of services whose callees alert too are inhibited.
 * A group is forgotten ten minutes after its last alert arrived; one that comes back within that time is the same trouble.
 * When it misleads: see relation.ts. Calls that the graph does not know split one trouble into several.
 * Source: deduplication, grouping, inhibition as in Prometheus Alertmanager, https://prometheus.io/docs/alerting/latest/alertmanager/.
 *
 *   correlateAlert(latency of 'model', now, memory).as       // 'opening'
 *   correlateAlert(latency of 'board', now, memory).group.id // the same group: board calls model
 */
import type { CallGraph } from '../topology.js';
import type { Alert } from './alert.js';
import { addAlert, openGroup } from './alert-group.js';
import type { AlertGroup } from './alert-group.js';
import { neighbourhoodOf } from './neighbourhood.js';
import type { Neighbourhood } from './neighbourhood.js';
import { explains, relationOf } from './relation.js';

/** Twice Alertmanager's default group_interval of 5 minutes: what flaps slower is told again. */
const FORGOTTEN_MS = 600_000;
const SWEEP_EVERY_MS = 60_000;

export interface AlertMemory {
  readonly neighbourhood: Neighbourhood;
  readonly groups: Map<number, AlertGroup>;
  readonly groupOf: Map<string, AlertGroup>;
  /** The groups in which a service alerts. */
  readonly groupsAt: Map<string, Set<AlertGroup>>;
  nextId: number;
  sweptAt: number;
  /** How often an alert was held against a group: the work done. */
  comparisons: number;
}

export interface Placed {
  readonly group: AlertGroup;
  /** Does it open a group, join one, or repeat what is known? */
  readonly as: 'opening' | 'joining' | 'repeating';
  /** Ids of groups that are part of this one now. */
  readonly merged: readonly number[];
}

export function createAlertMemory(graph: CallGraph): AlertMemory {
  return {
    neighbourhood: neighbourhoodOf(graph),
    groups: new Map(),
    groupOf: new Map(),
    groupsAt: new Map(),
    nextId: 1,
    sweptAt: -Infinity,
    comparisons: 0,
  };
}

export function correlateAlert(alert: Alert, arrivedAt: number, memory: AlertMemory): Placed {
  forgetOld(arrivedAt, memory);
  const known = memory.groupOf.get(alert.fingerprint);
  if (known !== undefined) {
    known.lastArrivalAt = arrivedAt;
    known.alerts.set(alert.fingerprint, alert);
    return { group: known, as: 'repeating', merged: [] };
  }
  const near = groupsNear(alert, memory);
  memory.comparisons += near.length;
  const home = firmest(alert, near, memory.neighbourhood);
  const group = home ?? openGroup(memory.nextId, arrivedAt);
  if (home === undefined) {
    memory.nextId += 1;
    memory.groups.set(group.id, group);
  }
  const effects = near.filter((other) => other !== group && explains(alert, other, memory.neighbourhood));
  group.lastArrivalAt = arrivedAt;
  for (const added of [alert, ...effects.flatMap(({ alerts }) => [...alerts.values()])])
    add(added, group, memory);
  for (const effect of effects) forget(effect, memory);
  return { group, as: home === undefined ? 'opening' : 'joining', merged: effects.map(({ id }) => id) };
}

function firmest(
  alert: Alert,
  near: readonly AlertGroup[],
  neighbourhood: Neighbourhood,
): AlertGroup | undefined {
  let [best, firmness]: [AlertGroup | undefined, number] = [undefined, 0];
  for (const group of near) {
    const relation = relationOf(alert, group, neighbourhood);
    if (relation > firmness) [best, firmness] = [group, relation];
  }
  return best;
}

/** Groups with an alert of this service, of one within two calls of it, or of one that waits for the same callee. */
function groupsNear({ service }: Alert, memory: AlertMemory): AlertGroup[] {
  const { neighbourhood } = memory;
  const near = new Set<AlertGroup>();
  const look = (other: string) => {
    for (const group of memory.groupsAt.get(other) ?? []) near.add(group);
  };
  look(service);
  for (const other of neighbourhood.callers(service).keys()) look(other);
  for (const other of neighbourhood.callees(service).keys()) look(other);
  for (const other of neighbourhood.siblings(service)) look(other);
  return [...near];
}

function add(alert: Alert, group: AlertGroup, memory: AlertMemory): void {
  addAlert(group, alert, memory.neighbourhood);
  memory.groupOf.set(alert.fingerprint, group);
  const at = memory.groupsAt.get(alert.service) ?? new Set();
  memory.groupsAt.set(alert.service, at.add(group));
}

function forgetOld(now: number, memory: AlertMemory): void {
  if (now - memory.sweptAt < SWEEP_EVERY_MS) return;
  memory.sweptAt = now;
  for (const group of memory.groups.values()) {
    if (now - group.lastArrivalAt >= FORGOTTEN_MS) forget(group, memory);
  }
}

function forget(group: AlertGroup, memory: AlertMemory): void {
  memory.groups.delete(group.id);
  for (const [fingerprint, { service }] of group.alerts) {
    if (memory.groupOf.get(fingerprint) === group) memory.groupOf.delete(fingerprint);
    const at = memory.groupsAt.get(service);
    at?.delete(group);
    if (at?.size === 0) memory.groupsAt.delete(service);
  }
}
