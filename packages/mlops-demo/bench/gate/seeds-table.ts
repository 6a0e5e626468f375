/**
 * Table `seeds`: how often does chance make a challenger better, worse or unfair that differs from the champion by its seed only?
 *
 * Rule: the plan of `mlops run` with four seeds, for three weeks; each model once the champion of each other. Equal is the right answer; what
 * is called unfair beside it is a false alarm. `most` is the largest loss of a slice that a seed has made. Then one airport after the other gets
 * risks that are too high (log odds by one). `ruined` are those that it costs more than .02 of log loss: where a week was worse than the model
 * thought, higher risks are better ones. `caught` are those of them that are named.
 * When it misleads: seeds choose the training rows, too, so two models are not of the same quality to the last digit.
 */
import { chooseBackend, fastPlan, scoreBatch } from 'mlops-demo';
import {
  compareSlices,
  compareWithChampion,
  computeFeatures,
  openFlights,
  readAirports,
  split,
  TOLERATED_LOSS,
  train,
  validate,
} from 'mlops-demo/training';
import type { Features, FlightColumns } from 'mlops-demo/training';

const WEEKS = ['2001-02-28', '2001-03-31', '2001-06-30'];
const SEEDS = [1, 2, 3, 4];

type Judged = Features['tests'][number] & { risks: Float32Array };

export async function seedsTable(): Promise<void> {
  const { backend } = await chooseBackend();
  console.log(`\nseeds: challengers that differ from the champion by their seed, backend ${backend}`);
  console.log('week to     pairs  equal  better  worse  unfair  slices    most  ruined  caught');
  const source = await openFlights();
  for (const week of WEEKS) console.log(await lineOf(week, source));
  source.close();
}

async function lineOf(week: string, source: Awaited<ReturnType<typeof openFlights>>): Promise<string> {
  const plan = fastPlan({ through: week });
  const validated = validate(await source.read(plan.read), readAirports(), plan.expectations);
  if (validated.state === 'failed') throw new Error(validated.because);
  const { flights } = validated;
  const judged: Judged[] = [];
  for (const seed of SEEDS) {
    const features = computeFeatures(flights, split(flights, { ...plan, seed }), { ...plan, seed });
    const { model } = await train(features.train, { ...plan, seed });
    for (const test of features.tests) judged.push({ ...test, risks: scoreBatch(model, test.rows) });
  }
  const pairs = judged.flatMap((champion) =>
    judged.filter((other) => other !== champion).map((challenger) => ({ champion, challenger })),
  );
  const found = pairs.map(({ champion, challenger }) => {
    const { labels, days, positions } = champion;
    const paired = {
      labels,
      blocks: days,
      champion: champion.risks,
      challenger: challenger.risks,
    } as const;
    return { state: compareWithChampion(paired).state, slices: compareSlices(flights, positions, paired) };
  });
  const count = (wanted: string): number => found.filter(({ state }) => state === wanted).length;
  const unfair = found.filter(({ slices }) => slices.some((slice) => slice.unfair)).length;
  const { ruined, caught } = ruinAirports(flights, judged[0]!, judged[1]!);
  const most = Math.max(
    ...found.map(({ slices: [worst] }) => (worst === undefined ? 0 : worst.challenger - worst.champion)),
  );
  const cells = [
    pairs.length,
    count('equal'),
    count('better'),
    count('worse'),
    unfair,
    found[0]?.slices.length ?? 0,
    most.toFixed(4),
    ruined,
    caught,
  ];
  const widths = [5, 5, 6, 5, 6, 6, 6, 6, 6];
  const line = cells.map((cell, at) => String(cell).padStart(widths[at]!)).join('  ');
  return `${week}  ${line}`;
}

/** One airport after the other gets risks whose log odds are too high by one: how many does that hurt, and how many of these are named? */
function ruinAirports(
  flights: FlightColumns,
  champion: Judged,
  challenger: Judged,
): { ruined: number; caught: number } {
  const { labels, days, positions } = champion;
  const slicesWith = (risks: Float32Array) =>
    compareSlices(flights, positions, {
      labels,
      blocks: days,
      champion: champion.risks,
      challenger: risks,
    }).filter(({ by }) => by === 'airport');
  const hurt = slicesWith(challenger.risks)
    .map(({ name }) => {
      const origin = flights.codes.indexOf(name);
      const tooHigh = challenger.risks.map((risk, row) =>
        flights.origins[positions[row]!] === origin ? risk / (risk + (1 - risk) * Math.exp(-1)) : risk,
      );
      return slicesWith(tooHigh).find((slice) => slice.name === name)!;
    })
    .filter((slice) => slice.challenger - slice.champion > TOLERATED_LOSS);
  return { ruined: hurt.length, caught: hurt.filter(({ unfair }) => unfair).length };
}
