/**
 * Table `serving-peers`: predictions a second of one network in process: tfjs, three loops over typed arrays, scikit-learn, NumPy.
 *
 * Rule: the same weights on both sides, and the risks are compared first. Passes of one row and of 1,000 for 200 ms, each after the other in
 * every round, the median of the rounds.
 *
 * When it misleads: nobody asks over a network here. scikit-learn checks its input on every call; NumPy by hand does not.
 */
import { chooseBackend, FEATURE_COUNT } from 'mlops-demo';
import { createNetwork, loadNetwork, saveNetwork, scoreBatch } from 'mlops-demo/serving';
import { fitNormaliser, rowsInMemory } from 'mlops-demo/training';
import { join } from 'node:path';
import { usableBackends } from '../serving/backends.js';
import { forwardPassOf } from '../serving/forward-pass.js';
import { median } from '../serving/median.js';
import { microsecondsARow } from '../serving/network-table.js';
import { flightRows } from './flight-rows.js';
import { writeNpy } from './npy.js';
import { startPeer } from './peer.js';
import { LEARNING_MODULES } from './training-table.js';

const ROWS = [1, 1_000];
const ROUNDS = 7;
const ROUND_MS = 200;

type Cost = (count: number) => Promise<number>;

export async function servingPeersTable(): Promise<void> {
  const given = await flightRows();
  const rows = given.test.rows.subarray(0, 1_000 * FEATURE_COUNT);
  const normaliser = fitNormaliser(rowsInMemory(given.train), given.train.labels.length);
  const network = createNetwork(1);
  const files = await saveNetwork(network);
  const layers = writeLayers(given.folder, network.getWeights());
  const costs = new Map<string, Cost>();
  const risks = new Map<string, ArrayLike<number>>();
  const add = (
    name: string,
    ready: () => Promise<unknown>,
    pass: (some: Float32Array) => Float32Array,
  ): void => {
    risks.set(name, pass(rows));
    costs.set(name, async (count) => {
      await ready();
      return microsecondsARow(pass, rows.subarray(0, count * FEATURE_COUNT), count, ROUND_MS);
    });
  };
  for (const backend of await usableBackends()) {
    const ready = async (): Promise<unknown> => chooseBackend(backend);
    await ready();
    const model = { network: await loadNetwork(files), normaliser };
    if (costs.size === 0) add('typed arrays', async () => Promise.resolve(), forwardPassOf(model));
    await ready();
    add(`tfjs, ${backend}`, ready, (some) => scoreBatch(model, some));
  }
  const chosen = await startPeer('learning.py', LEARNING_MODULES, [given.folder]);
  if (chosen.state === 'started') {
    const { peer } = chosen;
    const adopted = await peer.ask<Record<string, number[]>>({ what: 'adopt', layers, ...normaliser });
    for (const [by, theirs] of Object.entries(adopted)) {
      risks.set(by, theirs);
      costs.set(by, async (count) => peer.ask<number>({ what: 'score', by, count, milliseconds: ROUND_MS }));
    }
  }
  await print(costs, risks);
  given.remove();
  if (chosen.state === 'started') chosen.peer.end();
  console.log(chosen.state === 'absent' ? `no scikit-learn: ${chosen.because}` : `with ${chosen.versions}`);
}

/** Kernels and biases as files; answers [inputs, units] of each layer. */
function writeLayers(
  folder: string,
  weights: ReturnType<ReturnType<typeof createNetwork>['getWeights']>,
): number[][] {
  return weights.flatMap((tensor, index) => {
    const name = `layer${index >> 1}${index % 2 === 0 ? 'kernel' : 'bias'}.npy`;
    writeNpy(join(folder, name), tensor.dataSync<'float32'>(), tensor.shape);
    return index % 2 === 0 ? [tensor.shape] : [];
  });
}

async function print(
  costs: ReadonlyMap<string, Cost>,
  risks: ReadonlyMap<string, ArrayLike<number>>,
): Promise<void> {
  const measured = new Map<string, number[][]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, cost] of costs) {
      const columns = measured.get(name) ?? ROWS.map(() => []);
      for (const [column, count] of ROWS.entries()) columns[column]!.push(await cost(count));
      measured.set(name, columns);
    }
  }
  console.log(
    `\n${'predictions/s in process'.padEnd(26)}one row  ratio     1,000 rows  ratio   apart by   (ratio: times scikit-learn)`,
  );
  const names = [...measured.keys()];
  const base = measured.get(names.includes('scikit-learn') ? 'scikit-learn' : names[0]!)!;
  const [first] = risks.values();
  for (const [name, columns] of measured) {
    const cells = columns.flatMap((micros, column) => [
      Math.round(1e6 / median(micros))
        .toLocaleString('en-US')
        .padStart(column === 0 ? 7 : 15),
      median(micros.map((each, round) => base[column]![round]! / each))
        .toFixed(2)
        .padStart(7),
    ]);
    const apart = Math.max(
      ...Array.from(risks.get(name) ?? [], (risk, row) => Math.abs(risk - first![row]!)),
    );
    console.log(name.padEnd(26) + cells.join('') + apart.toExponential(0).padStart(11));
  }
}
