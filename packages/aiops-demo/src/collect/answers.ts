/**
 * Turns a source's answers into samples: a value, or null with the reason in words.
 *
 * in: an answer for each signal → out: SignalSample[]
 *
 * Rule: no data is not zero. A ratio of nothing (0/0 is NaN) means nobody asked; an empty answer means there are no
 * samples; an error means the source itself could not say. Each is null, and says which.
 * Misleads when: a reader draws null as 0. A service that stopped would then look perfect.
 *
 * Example: signal model-server/error-ratio, answer NaN → {value: null, because: 'no traffic in the last 15 s'}
 */
import type { Signal, SignalSample } from '../signals.js';
import { metricsOf } from './query.js';
import type { TargetReport } from './target-report.js';

/** What a source found. `nothing` is an empty result; a number may be NaN. */
export type Answer =
  { kind: 'number'; value: number } | { kind: 'nothing' } | { kind: 'failed'; because: string };

/** Where samples come from. It never rejects: what goes wrong becomes the `because` of a null sample. */
export interface SignalSource {
  name: 'prometheus' | 'scrape';
  sample(at: number): Promise<SignalSample[]>;
  /** How each target's newest scrape went; a source that does not scrape itself cannot say. */
  targets?(): TargetReport[];
}

export function answerOf(value: number | undefined): Answer {
  return value === undefined ? { kind: 'nothing' } : { kind: 'number', value };
}

export function toSample(
  signal: Signal,
  answer: Answer,
  when: { at: number; windowMs: number },
): SignalSample {
  const { at } = when;
  if (answer.kind === 'number' && Number.isFinite(answer.value))
    return { signalId: signal.id, at, value: answer.value };
  return { signalId: signal.id, at, value: null, because: whyNot(signal, answer, when.windowMs) };
}

function whyNot(signal: Signal, answer: Answer, windowMs: number): string {
  const overTime = signal.query.kind !== 'gauge';
  const window = `${windowMs / 1_000} s`;
  const metric = metricsOf(signal.query).at(-1) ?? signal.id;
  if (answer.kind === 'failed') return answer.because;
  if (answer.kind === 'nothing')
    return overTime
      ? `fewer than two samples of ${metric} from ${signal.service} in the last ${window}`
      : `no fresh sample of ${metric} from ${signal.service}`;
  if (Number.isNaN(answer.value))
    return overTime
      ? `no traffic in the last ${window}`
      : `${signal.service} reports no number for ${metric}`;
  return `${metric} of ${signal.service} is infinite`;
}
