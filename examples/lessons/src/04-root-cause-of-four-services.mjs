/**
 * Lesson 4: the root cause among four services.
 *
 * The web page waits for the board, the board for the model and the database, and all but the model look ill. Who is the cause? Send
 * walkers out from what is ill, let them follow the calls to what is ill further down, and see where they end up. A count of
 * alarms would name the page, because users complain there first; the walkers gather at the database.
 *
 *   node examples/lessons/src/04-root-cause-of-four-services.mjs
 *
 * Prints:
 *
 *   database  0.83
 *   board     0.11
 *   web page  0.06
 *   model     0.00
 */
import { personalisedPageRank } from 'aiops-demo';

/** How ill each service looks, 0 to 1: its strongest anomaly. */
const illness = new Map([
  ['web page', 0.9],
  ['board', 0.8],
  ['model', 0],
  ['database', 0.7],
]);

/** Who waits for whom. */
const calls = [
  ['web page', 'board'],
  ['board', 'model'],
  ['board', 'database'],
];

/**
 * A walker follows a call if the other side is ill, and stays where nothing below explains the illness.
 * @param {string} from
 * @param {string} to
 */
function weight(from, to) {
  const below = calls
    .filter(([caller]) => caller === from)
    .map(([, callee = '']) => illness.get(callee) ?? 0);
  if (from === to) return Math.max(0.05, (illness.get(from) ?? 0) - Math.max(0, ...below));
  return calls.some(([caller, callee]) => caller === from && callee === to) ? (illness.get(to) ?? 0) : 0;
}

const scores = personalisedPageRank([...illness.keys()], weight, illness);
for (const [service, score] of [...scores].sort((a, b) => b[1] - a[1]))
  console.log(`${service.padEnd(8)}  ${score.toFixed(2)}`);
