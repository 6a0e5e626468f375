/**
 * Forecast: which resource will be used up, how probably, and when?
 *
 * in: SignalSample[] → out: Forecasted, one for each saturation signal with a limit (limits.ts)
 *
 * Rule: twenty minutes in steps of 10 s look ten minutes ahead (when-will-it-hit.ts). What would have to rise three times as far as it
 * ever moved in that time is clear without asking. A probability of 0.8 or more is told once, and again only after it fell below 0.5.
 * When it misleads: a leak that began in this minute; a limit that lies elsewhere than limits.ts says. It tells, and opens no incident:
 * nobody suffers yet.
 * Source: saturation is the golden signal that is about predictions of impending saturation too, Google SRE book (2016), chapter 6.
 *
 *   forecast(samples, now, memory).told[0].because // 'reaches 512 MB between … and … with probability 0.93: …'
 */
import { inUnit } from '../in-unit.js';
import type { Signal, SignalSample } from '../signals.js';
import { limitOf } from './limits.js';
import type { Limit } from './limits.js';
import { addSample, createStepHistory } from './step-history.js';
import type { StepHistory } from './step-history.js';
import { LEAST_VALUES, whenWillItHit } from './when-will-it-hit.js';
import type { HitForecast } from './when-will-it-hit.js';

export interface SaturationForecast {
  readonly signal: Signal;
  readonly limit: number;
  /** Milliseconds since 1970 when it was made; null before the first. */
  readonly at: number | null;
  /** Of reaching the limit within the horizon; null while nobody can say. */
  readonly probability: number | null;
  readonly when: { readonly earliest: number; readonly middle: number; readonly latest: number } | null;
  readonly because: string;
}

export interface Forecasted {
  readonly forecasts: readonly SaturationForecast[];
  /** Probable since this evaluation. */
  readonly told: readonly SaturationForecast[];
}

interface Watched {
  readonly signal: Signal;
  readonly limit: Limit;
  readonly history: StepHistory;
  isDue: boolean;
  isTold: boolean;
  last: SaturationForecast;
}

export type ForecastMemory = readonly Watched[];

const STEP_MS = 10_000;
const HISTORY_STEPS = 120;
/** Half of what is looked back on. */
const HORIZON_STEPS = 60;
/** The shortest history that is used, 20 steps, is a third of the horizon: a straight line rises three times as far. */
const FURTHEST_MOVES = 3;
const TELL_FROM = 0.8;
const TELL_AGAIN_BELOW = 0.5;
/** One takes some 20 ms; an evaluation must not take the whole 2 s. */
const MOST_AT_ONCE = 2;

export function createForecastMemory(signals: readonly Signal[]): ForecastMemory {
  return signals.flatMap((signal): Watched[] => {
    const limit = limitOf(signal);
    if (limit === undefined) return [];
    const nothing = { probability: null, when: null, because: 'no values yet' };
    const last = { signal, limit: limit.value, at: null, ...nothing };
    return [{ signal, limit, history: createStepHistory(), isDue: false, isTold: false, last }];
  });
}

export function forecast(samples: readonly SignalSample[], now: number, memory: ForecastMemory): Forecasted {
  const bySignal = new Map(samples.map((sample) => [sample.signalId, sample]));
  for (const watched of memory) {
    const sample = bySignal.get(watched.signal.id);
    if (sample === undefined || sample.value === null || !Number.isFinite(sample.value)) continue;
    const steps = { stepMs: STEP_MS, mostSteps: HISTORY_STEPS };
    if (addSample(watched.history, sample.at, sample.value, steps)) watched.isDue = true;
  }
  const due = memory.filter(({ isDue }) => isDue).sort((a, b) => (a.last.at ?? 0) - (b.last.at ?? 0));
  const told = due.slice(0, MOST_AT_ONCE).flatMap((watched) => renew(watched, now) ?? []);
  return { forecasts: memory.map(({ last }) => last), told };
}

/** Makes the forecast anew; returns it when it is to be told. */
function renew(watched: Watched, now: number): SaturationForecast | undefined {
  const { signal, limit } = watched;
  watched.isDue = false;
  watched.last = { signal, limit: limit.value, at: now, ...inWords(watched, ask(watched)) };
  const probability = watched.last.probability ?? 0;
  if (probability < TELL_AGAIN_BELOW) watched.isTold = false;
  if (watched.isTold || probability < TELL_FROM) return undefined;
  watched.isTold = true;
  return watched.last;
}

function ask({ history: { values, current }, limit }: Watched): HitForecast {
  const last = values.at(-1) ?? 0;
  if (last >= limit.value) return { kind: 'hit', because: 'the limit is reached now' };
  const furthest = FURTHEST_MOVES * (Math.max(...values) - Math.min(...values));
  if (values.length >= LEAST_VALUES && last + furthest < limit.value)
    return { kind: 'forecast', probability: 0, when: null, method: 'none', because: 'it hardly moves' };
  return whenWillItHit({ values, stepMs: STEP_MS, endsAt: current * STEP_MS }, limit.value, HORIZON_STEPS);
}

function inWords(
  { signal, limit }: Watched,
  answer: HitForecast,
): Pick<SaturationForecast, 'probability' | 'when' | 'because'> {
  const limitText = inUnit(limit.value, signal.unit);
  if (answer.kind === 'unknown') return { probability: null, when: null, because: answer.because };
  if (answer.kind === 'hit')
    return { probability: 1, when: null, because: `has reached ${limitText}: ${limit.because}` };
  const { probability, when } = answer;
  const minutes = (HORIZON_STEPS * STEP_MS) / 60_000;
  const range =
    when === null
      ? `in the next ${minutes} minutes`
      : `between ${new Date(when.earliest).toISOString()} and ${new Date(when.latest).toISOString()}`;
  const because = `reaches ${limitText} ${range} with probability ${probability.toFixed(2)}: ${answer.because}`;
  return { probability, when, because };
}
