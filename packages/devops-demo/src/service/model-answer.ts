/**
 * Model answer: is what the model server sent a prediction at all?
 *
 * in: any text → out: a prediction, or a sentence that says what is wrong with it
 *
 * Rule: JSON, one prediction for the one flight that was asked about, a probability between 0 and 1, a version.
 * A server that answers 200 with something else is as broken as one that does not answer.
 * When it misleads: 0.5 for every flight is well-formed. Whether predictions are any good is the monitor's question.
 *
 *   checkModelAnswer('{"modelVersion":"m1","predictions":[{"probability":0.3}]}', 'A') // { kind: 'answered', probability: 0.3, … }
 *   checkModelAnswer('{"modelVersion":"m1","predictions":[{"probability":7}]}', 'A')   // { kind: 'failed', because: … }
 */
import { z } from 'zod';
import type { ModelAnswer } from './risk.js';

const predictionAnswer = z.object({
  modelVersion: z.string().min(1).max(100),
  predictions: z
    .array(z.object({ flightId: z.string().optional(), probability: z.number().min(0).max(1) }))
    .length(1),
});

export function checkModelAnswer(text: string, flightId: string): ModelAnswer {
  const parsed = predictionAnswer.safeParse(parseJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.');
    return nonsense(`${where}: ${issue?.message ?? 'not a prediction'}`);
  }
  const { modelVersion, predictions } = parsed.data;
  const [prediction] = predictions;
  if (prediction === undefined) return nonsense('no prediction');
  if ((prediction.flightId ?? flightId) !== flightId) return nonsense('it is about another flight');
  return { kind: 'answered', probability: prediction.probability, modelVersion };
}

function nonsense(what: string): ModelAnswer {
  return { kind: 'failed', because: `the model server's answer makes no sense (${what})` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
