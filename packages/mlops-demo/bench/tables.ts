/**
 * `npm run bench -w mlops-demo`: all tables, or those named: `npm run bench -w mlops-demo -- serving`.
 *
 * All share this machine's cores with whatever else runs: compare within a run only.
 */
import { availableParallelism } from 'node:os';
import { seedsTable } from './gate/seeds-table.js';
import { driftPeersTable } from './peers/drift-table.js';
import { servingPeersTable } from './peers/serving-table.js';
import { trainingPeersTable } from './peers/training-table.js';
import { networkTable } from './serving/network-table.js';
import { overloadTable } from './serving/overload-table.js';
import { requestsTable } from './serving/requests-table.js';
import { trialsTable } from './serving/trials-table.js';
import { driftTable } from './training/drift-table.js';
import { featuresTable } from './training/features-table.js';
import { rowsTable } from './training/rows-table.js';
import { searchesTable } from './training/searches-table.js';
import { trainingTable } from './training/training-table.js';

/** Each prints one table. */
const TABLES: Record<string, () => Promise<void>> = {
  network: networkTable,
  serving: requestsTable,
  overload: overloadTable,
  trials: trialsTable,
  features: featuresTable,
  rows: rowsTable,
  training: trainingTable,
  searches: searchesTable,
  drift: driftTable,
  seeds: seedsTable,
  'training-peers': trainingPeersTable,
  'serving-peers': servingPeersTable,
  'drift-peers': driftPeersTable,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => TABLES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(
    `bench: there is no table "${unknown.join('", "')}"; there are ${Object.keys(TABLES).join(', ')}\n`,
  );
  process.exit(2);
}
console.log(`${availableParallelism()} cores, shared by server, load and whatever else runs here`);
for (const [name, print] of Object.entries(TABLES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await print();
}
