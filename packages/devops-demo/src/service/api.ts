/**
 * The board's OpenAPI 3.1 document: every route, with the schemas that check its input and describe its answers.
 */
import { createApi } from 'service-chassis';
import type { Api } from 'service-chassis';
import { z } from 'zod';
import { boardAnswer, deliveryAnswer, feedAnswer, flightAnswer, statsAnswer } from './answers.js';
import { doraAnswer, sloAnswer } from './record-answers.js';
import { FLIGHT_ID, boardQuery, departureInput, feedQuery, outcomeInput } from './input.js';

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, schema: z.ZodType) => ({ description, ...json(schema) });
const flightId = z.object({ flightId: z.string().regex(FLIGHT_ID) });

export function describeBoard(version: string, airports: ReadonlySet<string>): Api {
  const api = createApi({
    title: 'flights-api',
    version,
    description: 'The departures board: flights, the risk that they land late, and what became of them.',
  });
  describeWrites(api, airports);
  describeReads(api, airports);
  api.path({
    method: 'get',
    path: '/v1/delivery',
    summary: 'How this instance was delivered, and how it does',
    tags: ['delivery'],
    responses: { 200: answer('The delivery pipeline', deliveryAnswer) },
  });
  api.path({
    method: 'get',
    path: '/v1/delivery/dora',
    summary: "DORA's four measures, from the audit log, with the deployments that make them up",
    tags: ['delivery'],
    responses: { 200: answer('The measures', doraAnswer) },
  });
  api.path({
    method: 'get',
    path: '/v1/delivery/slo',
    summary: 'Objectives, error budgets and burn rates, from measured traffic',
    tags: ['delivery'],
    responses: { 200: answer('The service level', sloAnswer) },
  });
  return api;
}

function describeWrites(api: Api, airports: ReadonlySet<string>): void {
  api.path({
    method: 'post',
    path: '/v1/flights',
    summary: 'Register a departure',
    description:
      'Idempotent: the same content again answers 200, other content under the same id answers 409.',
    tags: ['board'],
    request: { body: { required: true, ...json(departureInput(airports)) } },
    responses: {
      201: answer('Registered', flightAnswer),
      200: answer('It was registered before', flightAnswer),
    },
  });
  api.path({
    method: 'put',
    path: '/v1/flights/{flightId}/outcome',
    summary: 'Record what became of a flight',
    description: 'Idempotent; the first outcome stands.',
    tags: ['board'],
    request: { params: flightId, body: { required: true, ...json(outcomeInput) } },
    responses: {
      201: answer('Recorded', flightAnswer),
      200: answer('It was recorded before', flightAnswer),
    },
  });
}

function describeReads(api: Api, airports: ReadonlySet<string>): void {
  api.path({
    method: 'get',
    path: '/v1/flights',
    summary: 'The board, newest departure first',
    tags: ['board'],
    request: { query: boardQuery(airports) },
    responses: { 200: answer('One page', boardAnswer) },
  });
  api.path({
    method: 'get',
    path: '/v1/flights/{flightId}',
    summary: 'One flight with its risk',
    tags: ['board'],
    request: { params: flightId },
    responses: { 200: answer('The flight', flightAnswer) },
  });
  api.path({
    method: 'get',
    path: '/v1/feed',
    summary: 'Everything that happened, in the order of commit',
    description: 'At least once and complete: read on from "next".',
    tags: ['board'],
    request: { query: feedQuery },
    responses: { 200: answer('The events after the bookmark', feedAnswer) },
  });
  api.path({
    method: 'get',
    path: '/v1/stats',
    summary: 'How many flights, how many of them with a degraded risk',
    tags: ['board'],
    responses: { 200: answer('Counts', statsAnswer) },
  });
}
