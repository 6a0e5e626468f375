/**
 * Lesson 4: root cause on a graph of four services.
 *
 * The web page asks the board, the board asks the model and the database. Today the page is slow. Whoever waits loses what its callees
 * lose, so losses add up along the calls; what a service loses beyond its callees is its own. The blame starts where users notice and
 * flows down until it meets a loss of a service's own.
 *
 *   node examples/lessons/src/04-root-cause-of-four-services.mjs
 *
 * Prints:
 *
 *   by loss alone:  web page 0.36  board 0.33  database 0.30  model 0.00
 *   by blame flow:  database 0.83  web page 0.08  board 0.08  model 0.00
 */
import { blameFlow } from 'aiops-demo';

/** Seconds lost in each minute: requests times how much longer than usual they took. */
const lost = new Map([
  ['web page', 12],
  ['board', 11],
  ['database', 10],
  ['model', 0],
]);
const calls = [
  { from: 'web page', to: 'board' },
  { from: 'board', to: 'model' },
  { from: 'board', to: 'database' },
];
/** Where users notice. */
const noticed = new Map([['web page', 1]]);

const total = [...lost.values()].reduce((sum, seconds) => sum + seconds, 0);
const byLoss = new Map([...lost].map(([service, seconds]) => [service, seconds / total]));

for (const [what, shares] of /** @type {const} */ ([
  ['by loss alone', byLoss],
  ['by blame flow', blameFlow(lost, calls, noticed)],
])) {
  const ranked = [...lost.keys()].sort((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0));
  const told = ranked.map((service) => `${service} ${(shares.get(service) ?? 0).toFixed(2)}`);
  console.log(`${what}:  ${told.join('  ')}`);
}
