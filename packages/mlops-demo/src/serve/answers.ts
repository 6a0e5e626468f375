/**
 * Answers: from the body of a request to what is sent back.
 *
 * in:  a body that nobody has checked → out: Predictions, Explanations, or a problem with its fix
 *
 * Rule: everything that a risk depends on (the model, the features) is fixed when the request comes; only scoring waits for a batch.
 */
import { problem, validate } from 'service-chassis';
import type { Problem } from 'service-chassis';
import type { Explanations, Predictions } from './api.js';
import { explain } from './explain.js';
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
  batcher: MicroBatcher<Serving>;
  /** Explained flights that are granted. */
  explanations: TokenBucket;
  /** Seconds on a clock that never jumps. */
  seconds: () => number;
  onPredicted: (serving: Serving, risks: Float32Array) => void;
  onRefusedAsFull: () => void;
}

export async function answerPrediction(options: AnswersOptions, body: unknown): Promise<Predictions> {
  // Before anything is checked or computed: refusing must cost less than answering.
  if (options.batcher.isFull) throw full(options);
  const { flights } = validate(options.request, body);
  const serving = atWork(options.serving());
  const rows = rowsOf(serving.features, flights.map(inMinutes));
  const risks = await options.batcher.ask({ model: serving, rows, rowCount: flights.length });
  if (risks === undefined) throw full(options);
  const predictions = flights.map(({ flightId }, index) => {
    const probability = risks[index]!;
    serving.monitor.predicted(flightId, probability);
    return { ...named(flightId), probability };
  });
  options.onPredicted(serving, risks);
  return { modelVersion: serving.manifest.version, predictions };
}

/** Not in the queue of predictions: it has a rate of its own, so it cannot crowd them out. */
export function answerExplanation(options: AnswersOptions, body: unknown): Explanations {
  const { flights } = validate(options.explainRequest, body);
  const serving = atWork(options.serving());
  const waitSeconds = options.explanations.take(flights.length, options.seconds());
  if (waitSeconds > 0) {
    const seconds = Math.ceil(waitSeconds);
    throw problem(429, 'Too many explanations', `Each costs 64 predictions. Ask again in ${seconds} s.`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
  const rows = rowsOf(serving.features, flights.map(inMinutes));
  const explanations = explain(serving.model, rows).map((explanation, index) => ({
    ...named(flights[index]?.flightId),
    ...explanation,
  }));
  return { modelVersion: serving.manifest.version, scale: 'probability', explanations };
}

/** @throws {Problem} 503 while no model serves. */
export function atWork(serving: Serving | string): Serving {
  if (typeof serving !== 'string') return serving;
  throw problem(503, 'No model', `${serving}. Ask again in a few seconds.`, {
    headers: { 'retry-after': String(NO_MODEL_RETRY_SECONDS) },
  });
}

function named(flightId: FlightInQuestion['flightId']): { flightId?: string } {
  return flightId === undefined ? {} : { flightId };
}

function full({ batcher, onRefusedAsFull }: AnswersOptions): Problem {
  onRefusedAsFull();
  const detail = `${batcher.waiting} questions wait for their answer already; none is added. Ask again in ${FULL_RETRY_SECONDS} s.`;
  return problem(429, 'Too many predictions', detail, {
    headers: { 'retry-after': String(FULL_RETRY_SECONDS) },
  });
}
