/**
 * Table `searches`: which search finds the lower held-out log loss for the same number of epochs: successive halving (what `mlops tune` does), Hyperband,
 * median stopping, or training every setting to the end.
 *
 * Rule: for each of five seeds 30 settings are drawn and trained to the end once, on 8,000 flights of January, and their losses by epoch written down. Each
 * search then walks these curves: the same settings in the same order, so that chance is the same for all. A search that has epochs left takes more settings.
 * When it misleads: an epoch counts the same whatever the batch and the layers cost. The held-out days choose and judge: the best of many is lucky.
 * Source: Li et al., "Hyperband" (2018), algorithm 1; Golovin et al., "Google Vizier" (2017), 3.2.2 for median stopping.
 */
import { chooseBackend } from 'mlops-demo';
import { seedRandom } from 'mlops-demo/serving';
import {
  computeFeatures,
  fastPlan,
  openFlights,
  readAirports,
  rungsOf,
  sampleHyperparameters,
  split,
  successiveHalving,
  train,
  validate,
} from 'mlops-demo/training';
import { isBehind } from './median-stopping.js';

const SEEDS = [1, 2, 3, 4, 5];
const SETTINGS = 30;
const ROWS = 8_000;
const EPOCHS = 6;
const BUDGETS = [33, 66];
/** A search's answer: the lowest loss that it has seen at the end of a training. */
type Search = (curves: readonly number[][], budget: number) => Promise<number>;

const SEARCHES: Record<string, Search> = {
  'successive halving': (curves, budget) => {
    // As many as can be halved within the budget.
    const count = Array.from({ length: curves.length }, (_, i) => i + 1).findLast(
      (n) => costOf(n, rungsOf(EPOCHS)) <= budget,
    )!;
    return walked(curves, budget, (trainTo) => successiveHalving(count, rungsOf(EPOCHS), trainTo));
  },
  Hyperband: (curves, budget) =>
    walked(curves, budget, async (trainTo) => {
      const rungs = rungsOf(EPOCHS);
      let used = 0;
      while (used < curves.length) {
        for (let halvings = rungs.length - 1; halvings >= 0; halvings--) {
          const wanted = Math.ceil((rungs.length / (halvings + 1)) * 2 ** halvings);
          const count = Math.min(wanted, curves.length - used);
          const first = used;
          await successiveHalving(count, rungs.slice(-halvings - 1), (trial, epoch) =>
            trainTo(first + trial, epoch),
          );
          used += count;
        }
      }
    }),
  'median stopping': (curves, budget) =>
    walked(curves, budget, async (trainTo) => {
      for (const [trial, curve] of curves.entries())
        for (let epoch = 1; epoch <= curve.length; epoch++) {
          const loss = await trainTo(trial, epoch);
          if (loss === undefined) return;
          if (isBehind(stoppedCurves(curves.slice(0, trial)), epoch, loss)) break;
        }
    }),
  'all to the end': (curves, budget) =>
    walked(curves, budget, async (trainTo) => {
      for (const trial of curves.keys()) if ((await trainTo(trial, EPOCHS)) === undefined) return;
    }),
};

export async function searchesTable(): Promise<void> {
  const bySeed = await recordCurves();
  console.log(
    `\nsearches: lowest held-out log loss of ${SETTINGS} settings, ${ROWS.toLocaleString('en-US')} rows, ${EPOCHS} epochs a setting; seeds ${SEEDS.join(' ')}, mean`,
  );
  const line = (name: string, losses: readonly number[]): void => {
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    console.log(`${name.padEnd(32)}${[...losses, mean].map((loss) => loss.toFixed(4)).join('  ')}`);
  };
  for (const budget of BUDGETS)
    for (const [name, search] of Object.entries(SEARCHES))
      line(
        `${String(budget).padStart(3)} epochs, ${name}`,
        await Promise.all(bySeed.map((curves) => search(curves, budget))),
      );
  line(
    'the best of all',
    bySeed.map((curves) => Math.min(...curves.map((curve) => curve.at(-1)!))),
  );
}

/** The held-out loss by epoch of every setting, for every seed. */
async function recordCurves(): Promise<number[][][]> {
  await chooseBackend('wasm');
  const plan = { ...fastPlan({ rows: ROWS }), tests: [] };
  const source = await openFlights();
  const validated = validate(await source.read(plan.read), readAirports(), {});
  source.close();
  if (validated.state === 'failed') throw new Error(validated.because);
  const { train: table } = computeFeatures(validated.flights, split(validated.flights, plan), plan);
  const bySeed: number[][][] = [];
  for (const seed of SEEDS) {
    const random = seedRandom(seed);
    const curves: number[][] = [];
    for (let setting = 0; setting < SETTINGS; setting++) {
      const hyperparameters = sampleHyperparameters(random);
      const { model, heldOutLosses } = await train(table, { seed, epochs: EPOCHS, hyperparameters });
      model.network.dispose();
      curves.push(heldOutLosses);
    }
    bySeed.push(curves);
  }
  return bySeed;
}

type TrainTo = Parameters<typeof successiveHalving>[2];

/** Lets a search walk over curves until its epochs are spent. */
async function walked(
  curves: readonly number[][],
  budget: number,
  search: (trainTo: TrainTo) => Promise<unknown>,
): Promise<number> {
  const trained = curves.map(() => 0);
  let left = budget;
  let best = Infinity;
  await search((trial, epoch) => {
    const curve = curves[trial]!;
    const to = Math.min(epoch, curve.length);
    const cost = to - trained[trial]!;
    if (cost > left) return Promise.resolve(undefined);
    left -= cost;
    trained[trial] = to;
    if (to === curve.length) best = Math.min(best, curve[to - 1]!);
    return Promise.resolve(curve[to - 1]);
  });
  return best;
}

function costOf(trials: number, rungs: readonly number[]): number {
  let left = trials;
  let cost = 0;
  let before = 0;
  for (const rung of rungs) {
    cost += left * (rung - before);
    before = rung;
    left = Math.max(Math.ceil(left / 2), 1);
  }
  return cost;
}

/** What median stopping has seen of these settings: it stops them in turn. */
function stoppedCurves(curves: readonly number[][]): number[][] {
  const seen: number[][] = [];
  for (const curve of curves) {
    const stoppedAt = curve.findIndex((loss, index) => isBehind(seen, index + 1, loss));
    seen.push(stoppedAt < 0 ? curve : curve.slice(0, stoppedAt + 1));
  }
  return seen;
}
