/**
 * `npm run bench:canary -w devops-demo`: how often is the canary analysis wrong, and how often the static threshold?
 *
 * Prints one line for each kind of release. Seeded: the same numbers at every run. It has no options.
 */
import { errorRates } from './canary/error-rates.js';
import type { ErrorRates } from './canary/error-rates.js';
import { SCENARIOS } from './canary/scenarios.js';
import { readOptions } from './read-options.js';

const CANARIES = 1_000;
/** For the second table, which needs less. */
const CANARIES_BY_TRAFFIC = 300;
const REQUESTS_PER_WINDOW = [20, 50, 100, 200];
const SEED = 20_010_101;

readOptions({});

const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
const cells = ({ wrongStops, wrongPasses, inconclusive, medianWindows }: ErrorRates) =>
  [percent(wrongStops), percent(wrongPasses), percent(inconclusive), String(medianWindows).padStart(4)].join(
    ' ',
  );

console.log(`${CANARIES} simulated canaries each, 20 to 200 canary requests a window, at most 10 looks

                                              canary analysis                 static threshold
release                        truth     stopped  passed inconcl. windows  stopped  passed inconcl. windows
                                         wrongly wrongly                   wrongly wrongly`);
for (const scenario of SCENARIOS) {
  const { analysis, threshold } = errorRates(scenario, CANARIES, SEED);
  console.log(
    `${scenario.name.padEnd(31)}${scenario.truth.padEnd(8)}${cells(analysis)}     ${cells(threshold)}`,
  );
}

console.log(`
What an answer takes: ${CANARIES_BY_TRAFFIC} canaries each, answered within 10 looks (windows until then)

${'requests a window'.padEnd(31)}${REQUESTS_PER_WINDOW.map((requests) => String(requests).padStart(14)).join('')}`);
for (const name of ['identical', 'errors +3 %', 'all latencies +50 %']) {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`bench:canary: expected a scenario "${name}", got none`);
  const answered = REQUESTS_PER_WINDOW.map((requests) => {
    const { inconclusive, medianWindows } = errorRates(
      scenario,
      CANARIES_BY_TRAFFIC,
      SEED,
      requests,
    ).analysis;
    return `${percent(1 - inconclusive)} (${medianWindows})`.padStart(14);
  });
  console.log(`${name.padEnd(31)}${answered.join('')}`);
}
