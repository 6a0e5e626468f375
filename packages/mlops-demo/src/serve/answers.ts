/**
 * Answers: from the body of a request to what is sent back.
 *
 * in:  a body that nobody has checked → out: Predictions, Explanations, or a problem with its fix
 *
 * Rule: everything that a risk depends on (the model, the features) is fixed when the request comes; only scoring waits for a batch. The
 * version stands at the top, and at a prediction only where another one judged it.
 */
import { problem, validate } from 'service-chassis';
import type { Problem } from 'service-chassis';
import type { Explanations, Predictions } from './api.js';
import type { Challenge } from './challenger/follow-challenger.js';
import { explain } from './explain.js';
import { judge, sideOf } from './judge.js';
import type { MicroBatcher } from './micro-batch.js';
import { rowsOf } from './predict.js';
import { inMinutes } from './predict-request.js';
import type { FlightInQuestion, predictRequest } from './predict-request.js';
import type { Serving } from './serving.js';
import type { TokenBucket } from './token-bucket.js';

const NO_MODEL_RETRY_SECONDS = 2;
/** The queue empties in a fraction of a second; the header knows whole ones. */
const FULL_RETRY_SECONDS = 1;

export interface AnswersOptions {
  request: ReturnType<typeof predictRequest>;
  explainRequest: ReturnType<typeof predictRequest>;
  /** The model at work, or a sentence why there is none. */
  serving: () => Serving | string;
  challenge: () => Challenge | undefined;
  batcher: MicroBatcher<Serving>;
  /** Explained flights that are granted. */
  explanations: TokenBucket;
  /** Seconds on a clock that never jumps. */
  seconds: () => number;
  onPredicted: (version: string, risk: number) => void;
  /** So many wait for their answer. */
  onRefusedAsFull: (waiting: number) => void;
  onDropped: () => void;
}

export async function answerPrediction(options: AnswersOptions, body: unknown): Promise<Predictions> {
  if (options.batcher.isFull) throw full(options, options.batcher.waiting);
  const { flights } = validate(options.request, body);
  const champion = atWork(options.serving());
  const judged = await judge(flights, {
    ...options,
    champion,
    championNow: () => atWork(options.serving()),
    challenge: options.challenge(),
  });
  if (judged === undefined) throw full(options, options.batcher.waiting);
  const [first] = judged;
  const modelVersion = judged.every(({ by }) => by === first?.by)
    ? (first?.by.manifest.version ?? '')
    : champion.manifest.version;
  const predictions = flights.map((flight, index) => {
    const { flightId } = flight;
    const { by, risk: probability } = judged[index]!;
    by.monitor.predicted(flightId, probability, inMinutes(flight));
    options.onPredicted(by.manifest.version, probability);
    return { ...named(flightId), probability, ...versionUnless(modelVersion, by) };
  });
  return { modelVersion, predictions };
}

/** Not in the queue of predictions: it has a rate of its own, so it cannot crowd them out. */
export function answerExplanation(options: AnswersOptions, body: unknown): Explanations {
  const { flights } = validate(options.explainRequest, body);
  const champion = atWork(options.serving());
  const modelVersion = champion.manifest.version;
  const waitSeconds = options.explanations.take(flights.length, options.seconds());
  if (waitSeconds > 0) {
    const seconds = Math.ceil(waitSeconds);
    throw problem(429, 'Too many explanations', `Each costs 64 predictions. Ask again in ${seconds} s.`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
  const challenge = options.challenge();
  const explanations = flights.map((flight) => {
    const by =
      challenge !== undefined && sideOf(flight, challenge) === 'challenger' ? challenge.serving : champion;
    const [explanation] = explain(by.model, rowsOf(by.features, [inMinutes(flight)]));
    return { ...named(flight.flightId), ...explanation!, ...versionUnless(modelVersion, by) };
  });
  return { modelVersion, scale: 'probability', explanations };
}

/** @throws {Problem} 503 while no model serves. */
export function atWork(serving: Serving | string): Serving {
  if (typeof serving !== 'string') return serving;
  throw problem(503, 'No model', `${serving}. Ask again in a few seconds.`, {
    headers: { 'retry-after': String(NO_MODEL_RETRY_SECONDS) },
  });
}

function versionUnless(usual: string, { manifest: { version } }: Serving): { modelVersion?: string } {
  return version === usual ? {} : { modelVersion: version };
}

function named(flightId: FlightInQuestion['flightId']): { flightId?: string } {
  return flightId === undefined ? {} : { flightId };
}

/** Counted; the answer to whoever finds no room. */
export function full({ onRefusedAsFull }: Pick<AnswersOptions, 'onRefusedAsFull'>, waiting: number): Problem {
  onRefusedAsFull(waiting);
  const detail = `${waiting} questions wait for their answer already; none is added. Ask again in ${FULL_RETRY_SECONDS} s.`;
  return problem(429, 'Too many predictions', detail, {
    headers: { 'retry-after': String(FULL_RETRY_SECONDS) },
  });
}
