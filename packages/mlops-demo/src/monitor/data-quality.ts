/**
 * Data quality: do the flights of a window look like flights at all, before anyone asks how they are distributed?
 *
 * in:  WindowFacts, MonitorReference
 * out: { state: 'warning', checks: [{ name: 'departures in route-slots never seen', value: 0.093, …, because: '9.3 % …' }], because: … }
 *
 * Rule:
 *   missing inputs                          alarm from 1 %, and five departures
 *   airports the reference has never seen   alarm from 1 %, and five departures
 *   departures in route-slots never seen    warning from 8 %, alarm from 10 %: the label-free alarm
 *   volume of whole days                    warning outside ±25 % of the reference's days
 * The first two say that the data are broken; the third says that the timetable inside the model is out of date; the volume may also
 * say that only a sample of the flights is played.
 *
 * When it misleads: a storm moves flights out of their usual slots too: 9 % in the week of 22 February, with a timetable of January.
 *
 * Source: limits measured on flights-3m: a nightly timetable has 2.6 to 5.2 % unseen, a frozen one of January 13 % in the week of 5 April;
 * days have 14,267 to 17,548 flights.
 */
import type { WindowFacts } from './flight-window.js';
import type { MonitorReference } from './reference.js';

export type QualityState = 'fine' | 'warning' | 'alarm';

export interface QualityCheck {
  name: 'missing inputs' | 'unknown airports' | 'unseen route-slots' | 'volume';
  state: QualityState;
  /** A share; for the volume, departures a day. */
  value: number;
  because: string;
}

export interface DataQuality {
  state: QualityState;
  checks: QualityCheck[];
  because: string;
}

/** 1 % of the smallest window that gets a verdict: in the first minutes of a day one new airport is not a broken day. */
const LEAST_WRONG = 5;
const MOST_MISSING = 0.01;
const MOST_UNKNOWN = 0.01;
const UNSEEN_WARNING = 0.08;
const UNSEEN_ALARM = 0.1;
const VOLUME_MARGIN = 0.25;

export function dataQuality(facts: WindowFacts, reference: MonitorReference, days: number): DataQuality {
  const share = (count: number): number => (facts.departures === 0 ? 0 : count / facts.departures);
  const unknown = unknownAirports(facts, reference);
  const unknownText = 'of departures are from or to an airport the reference has never seen';
  const missingText = 'of departures have an input that is no number';
  const checks = [
    bounded('missing inputs', facts.missing, share(facts.missing), MOST_MISSING, missingText),
    bounded('unknown airports', unknown, share(unknown), MOST_UNKNOWN, unknownText),
    unseenSlots(share(facts.unseenSlots)),
    ...volume(facts, reference, days),
  ];
  const wrong = checks.filter(({ state }) => state !== 'fine');
  const state = wrong.some((check) => check.state === 'alarm')
    ? 'alarm'
    : wrong.length > 0
      ? 'warning'
      : 'fine';
  const because =
    wrong.length === 0 ? `all ${checks.length} checks hold` : wrong.map((check) => check.because).join('; ');
  return { state, checks, because };
}

/** True when something is wrong with the data themselves, and no model could help. */
export function isBroken({ checks }: DataQuality): boolean {
  return checks.some(({ name, state }) => state === 'alarm' && name !== 'unseen route-slots');
}

function bounded(
  name: QualityCheck['name'],
  count: number,
  value: number,
  limit: number,
  what: string,
): QualityCheck {
  const state = value >= limit && count >= LEAST_WRONG ? 'alarm' : 'fine';
  return { name, state, value, because: `${percent(value)} ${what}, ${percent(limit)} is the limit` };
}

function unseenSlots(value: number): QualityCheck {
  const state = value >= UNSEEN_ALARM ? 'alarm' : value >= UNSEEN_WARNING ? 'warning' : 'fine';
  const because = `${percent(value)} of departures in route-slots that the timetable has never seen, ${percent(UNSEEN_ALARM)} is the limit`;
  return { name: 'unseen route-slots', state, value, because };
}

function volume(facts: WindowFacts, { departuresPerDay }: MonitorReference, days: number): QualityCheck[] {
  if (!facts.complete || !facts.whole || departuresPerDay === 0) return [];
  const value = facts.departures / days;
  const apart = value / departuresPerDay - 1;
  const state = Math.abs(apart) > VOLUME_MARGIN ? 'warning' : 'fine';
  const because = `${Math.round(value).toLocaleString('en-US')} departures a day, ${percent(Math.abs(apart))} ${apart < 0 ? 'fewer' : 'more'} than the reference's`;
  return [{ name: 'volume', state, value, because }];
}

/** Departures from unknown origins plus those to unknown destinations. A flight between two unknown ones counts twice. */
function unknownAirports(facts: WindowFacts, reference: MonitorReference): number {
  let unknown = 0;
  for (const name of ['origin', 'destination']) {
    const now = facts.columns.columns.get(name);
    if (now?.kind !== 'categorical') continue;
    for (const [code, count] of now.counts) if (!reference.airports.has(code)) unknown += count;
  }
  return unknown;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
