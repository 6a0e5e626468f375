/**
 * Table `trials`: does the trial of a challenger find what is known about it?
 *
 * Rule: real flights of 1 February 2001 depart, are asked about one by one over eight connections, and land, in the order in which it happened
 * and as fast as the server goes. The champion's twin must not fail, and what has learned nothing must not pass.
 * When it misleads: an hour of flights takes a second here, so latencies are those of a server under full load.
 */
import { Agent } from 'node:http';
import { chooseBackend } from 'mlops-demo';
import type { FlightEvent, Landing } from 'mlops-demo';
import { challengerSchema, transition } from 'mlops-demo/serving';
import type { ChallengerReport } from 'mlops-demo/serving';
import { openRecordedFlights } from 'mlops-demo/recorded-flights';
import { startBoard } from './board.js';
import type { Board } from './board.js';
import { addChallengers } from './challengers.js';
import type { Entrant } from './challengers.js';
import { ask } from './load.js';
import { trainModel } from './model.js';
import { startServer } from './server.js';

const DAY = '2001-02-01';
const CONNECTIONS = 8;
/** Between two looks at the verdict. */
const EVENTS_A_LOOK = 400;
const STAGES = [{ to: 'shadow' }, { to: 'canary', share: 0.2 }] as const;

export async function trialsTable(): Promise<void> {
  const { backend } = await chooseBackend();
  const { modelsDir, version: otherSeed, remove, trainAgain } = trainModel(2);
  const recorded = await openRecordedFlights();
  try {
    const champion = trainAgain(1);
    const events = inOrder((await recorded.day(DAY)) ?? []);
    console.log(`\ntrials on the flights of ${DAY}, champion ${champion}, backend ${backend}`);
    for (const entrant of await addChallengers(modelsDir, champion, otherSeed))
      for (const stage of STAGES) await tryOne(entrant, stage, { modelsDir, backend, events });
  } finally {
    recorded.close();
    remove();
  }
}

interface Circumstances {
  modelsDir: string;
  backend: string;
  events: readonly FlightEvent[];
}

async function tryOne(
  { title, version }: Entrant,
  stage: (typeof STAGES)[number],
  { modelsDir, backend, events }: Circumstances,
): Promise<void> {
  const move = async (to: 'candidate' | 'archived' | 'shadow' | 'canary', share?: number) => {
    const change = { version, to, by: 'bench', because: title, at: new Date().toISOString() };
    await transition(modelsDir, share === undefined ? change : { ...change, share }).catch(() => undefined);
  };
  await move('candidate');
  await move(stage.to, 'share' in stage ? stage.share : undefined);
  const board = await startBoard();
  const server = await startServer('micro-batch', backend, modelsDir, board.url);
  const report = async () =>
    challengerSchema.parse(await (await fetch(`${server.url}/v1/challenger`)).json());
  try {
    while ((await report()).state !== stage.to) await new Promise((resolve) => setTimeout(resolve, 50));
    await replay(events, board, server.url, async () => (await report()).trial?.verdict.finished === true);
    print(`${title}, ${stage.to}`, await report());
  } finally {
    server.end();
    board.close();
    await move('archived');
  }
}

function inOrder(flights: readonly Landing[]): FlightEvent[] {
  const events = flights.flatMap((landing) => {
    const { flightId, origin, destination, departedAt, distanceMiles } = landing;
    const departure = { flightId, origin, destination, departedAt, distanceMiles };
    return [
      { at: Date.parse(departedAt), event: { type: 'departed' as const, ...departure } },
      { at: Date.parse(landing.landedAt), event: { type: 'landed' as const, ...landing } },
    ];
  });
  return events.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

async function replay(
  events: readonly FlightEvent[],
  board: Board,
  url: string,
  isDone: () => Promise<boolean>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  for (let from = 0; from < events.length; from += EVENTS_A_LOOK) {
    const some = events.slice(from, from + EVENTS_A_LOOK);
    const departures = some.filter(({ type }) => type === 'departed').values();
    const client = async () => {
      for (const { flightId, origin, destination, departedAt, distanceMiles } of departures)
        await ask(
          agent,
          url,
          JSON.stringify({ flights: [{ flightId, origin, destination, departedAt, distanceMiles }] }),
        );
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    board.events.push(...some);
    if (await isDone()) break;
  }
  agent.destroy();
}

function print(title: string, { trial }: ChallengerReport): void {
  if (trial === null) throw new Error('bench: expected a trial, got none');
  const { verdict, windows, landed, answered } = trial;
  console.log(`${title}: ${verdict.kind} after ${windows} windows, ${landed} landed flights`);
  console.log(`  answered: champion ${answered.champion}, challenger ${answered.challenger}`);
  console.log(`  because: ${verdict.because}`);
}
