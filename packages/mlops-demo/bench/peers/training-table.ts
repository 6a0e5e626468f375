/**
 * Table `training-peers`: what learning from the rows of `mlops run` costs and gives, here and in scikit-learn.
 *
 * Rule: the same 100,000 rows, six epochs in batches of 1,024 for both networks (64 and 32 units, Adam, rate .005), each after the other in
 * every round, the median of the rounds. AUC and log loss on the same test week.
 *
 * When it misleads: ours holds out the newest of its rows to stop and to calibrate, and learns from the rest; scikit-learn's learns from all,
 * with a constant rate. Rows a second count what passed through the network. BLAS and the trees use all cores, ours one.
 */
import { chooseBackend, FEATURE_COUNT } from 'mlops-demo';
import { normalise, scoreBatch } from 'mlops-demo/serving';
import {
  auc,
  fitLogisticRegression,
  fitNormaliser,
  holdOut,
  HYPERPARAMETERS,
  logLoss,
  rowsInMemory,
  scoreLogistic,
  train,
} from 'mlops-demo/training';
import { usableBackends } from '../serving/backends.js';
import { median } from '../serving/median.js';
import { flightRows } from './flight-rows.js';
import type { FlightRows } from './flight-rows.js';
import { startPeer, timed } from './peer.js';
import type { Took } from './peer.js';

const ROUNDS = 3;
const RIDGE = 1;
export const LEARNING_MODULES = ['scikit-learn', 'numpy'];

interface Learned extends Took {
  auc: number;
  logLoss: number;
}

type Learner = () => Promise<Learned>;

export async function trainingPeersTable(): Promise<void> {
  const given = await flightRows();
  const [ours, passed] = await ourLearners(given);
  const chosen = await startPeer('learning.py', LEARNING_MODULES, [given.folder]);
  const { layers, rate, batch } = {
    layers: HYPERPARAMETERS.hiddenUnits,
    rate: HYPERPARAMETERS.learningRate,
    batch: HYPERPARAMETERS.batchRows,
  };
  const { epochs, seed } = given.plan;
  const theirs = (model: string): [string, Learner][] => {
    if (chosen.state === 'absent') return [];
    const question = { what: 'learn', model, layers, rate, batch, epochs, seed };
    return [[`scikit-learn ${model}`, async () => chosen.peer.ask<Learned>(question)]];
  };
  const all = given.train.labels.length;
  const rounds = new Map<string, Learned[]>();
  const learners = [...ours, ...theirs('network'), ...theirs('logistic'), ...theirs('trees')];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, learn] of learners) rounds.set(name, [...(rounds.get(name) ?? []), await learn()]);
  }
  given.remove();
  if (chosen.state === 'started') chosen.peer.end();
  print(rounds, (name) => passed.get(name) ?? (name === 'scikit-learn network' ? all * epochs : undefined));
  console.log(chosen.state === 'absent' ? `no scikit-learn: ${chosen.because}` : `with ${chosen.versions}`);
}

/** Each of ours, and how many rows pass through its network. */
async function ourLearners({
  plan,
  train: table,
  test,
}: FlightRows): Promise<[[string, Learner][], Map<string, number>]> {
  const score = (risks: Float32Array): Pick<Learned, 'auc' | 'logLoss'> => ({
    auc: auc(risks, test.labels),
    logLoss: logLoss(risks, test.labels),
  });
  const learners: [string, Learner][] = [];
  const passed = new Map<string, number>();
  for (const backend of await usableBackends()) {
    const name = `network on ${backend}`;
    learners.push([
      name,
      async () => {
        await chooseBackend(backend);
        const [took, { model, losses }] = await timed(async () => train(table, plan));
        passed.set(name, holdOut(table.days).taught * losses.length);
        return { ...took, ...score(scoreBatch(model, test.rows)) };
      },
    ]);
  }
  const lines: Learner = async () => {
    const [took, { normaliser, fitted }] = await timed(() => {
      const normaliser = fitNormaliser(rowsInMemory(table), table.labels.length);
      const rows = normalise(table.rows, normaliser);
      return { normaliser, fitted: fitLogisticRegression(rows, FEATURE_COUNT, table.labels, RIDGE) };
    });
    return { ...took, ...score(scoreLogistic(normalise(test.rows, normaliser), fitted)) };
  };
  return [[...learners, ['logistic regression', lines]], passed];
}

function print(rounds: ReadonlyMap<string, Learned[]>, passedBy: (name: string) => number | undefined): void {
  console.log(
    `\n${'learning from 100,000 rows'.padEnd(28)}seconds  ratio   CPU s     rows/s    AUC  log loss    (ratio: times the first)`,
  );
  const [base = []] = rounds.values();
  for (const [name, taken] of rounds) {
    const seconds = median(taken.map((each) => each.seconds));
    const ratio = median(taken.map((each, round) => each.seconds / (base[round]?.seconds ?? NaN)));
    const passed = passedBy(name);
    const cells = [
      seconds.toFixed(2).padStart(7),
      ratio.toFixed(2).padStart(7),
      median(taken.map(({ cpuSeconds }) => cpuSeconds))
        .toFixed(2)
        .padStart(8),
      (passed === undefined ? '–' : Math.round(passed / seconds).toLocaleString('en-US')).padStart(11),
      (taken[0]?.auc ?? NaN).toFixed(3).padStart(7),
      (taken[0]?.logLoss ?? NaN).toFixed(4).padStart(10),
    ];
    console.log(name.padEnd(28) + cells.join(''));
  }
}
