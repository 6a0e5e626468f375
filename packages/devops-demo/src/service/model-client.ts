/** Model client: one request to the model server, with the identity of the request that caused it. */
import { outgoingHeaders } from 'service-chassis';
import { FailedTry, badStatus } from './failed-try.js';
import type { Departure } from './flight.js';
import { checkModelAnswer } from './model-answer.js';
import type { Prediction } from './risk.js';

/** A prediction for one flight takes a few hundred bytes. */
const LARGEST_ANSWER_BYTES = 65_536;

/** @throws {FailedTry} when the server refuses, fails, or sends something that is no prediction. */
export async function requestPrediction(
  url: string,
  departure: Departure,
  signal: AbortSignal,
): Promise<Prediction> {
  const response = await fetch(`${url}/v1/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...outgoingHeaders() },
    body: JSON.stringify({ flights: [departure] }),
    redirect: 'error',
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw badStatus(response.status);
  }
  const answer = checkModelAnswer(await readLimited(response), departure.flightId);
  if (answer.kind === 'failed') throw new FailedTry('nonsense', answer.because);
  return answer;
}

/** Reads a body, but not one that never ends. */
async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LARGEST_ANSWER_BYTES) {
      throw new FailedTry(
        'nonsense',
        `the model server's answer is longer than ${LARGEST_ANSWER_BYTES} bytes`,
      );
    }
  }
  return text;
}
