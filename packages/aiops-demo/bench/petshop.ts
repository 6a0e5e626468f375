/** Reads the PetShop kit: its graph, normal metrics and incidents. What the causes were is never read here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallGraph, MetricIncident, MetricTable, Series } from 'aiops-demo';

/** One line of incidents.json. */
interface IncidentFile {
  readonly id: string;
  readonly metrics: string;
  readonly normal: string;
  readonly graph: string;
  readonly target: { readonly node: string; readonly metric: string; readonly timestamp: number };
}

export interface PetShopIncident extends MetricIncident {
  readonly id: string;
}

interface Table {
  readonly at: readonly number[];
  readonly services: MetricTable;
}

const INTERVAL_SECONDS = 300;

export function readPetShop(kit: string): PetShopIncident[] {
  const files = JSON.parse(readFileSync(join(kit, 'incidents.json'), 'utf8')) as IncidentFile[];
  const normal = remember((path: string) => readTable(join(kit, path)));
  const graph = remember((path: string) => readGraph(join(kit, path)));
  return files.map((file) => {
    const { node: service, metric, timestamp } = file.target;
    const table = readTable(join(kit, file.metrics));
    return {
      id: file.id,
      graph: graph(file.graph),
      normal: normal(file.normal).services,
      incident: endingAfter(table, timestamp),
      symptom: { service, kind: metric === 'latency' ? 'latency' : 'errors', at: timestamp * 1_000 },
      changes: [],
      novelties: [],
    };
  });
}

/** A row is named by the instant at which its five minutes begin. */
function endingAfter({ at, services }: Table, timestamp: number): MetricTable {
  const keep = (series: Series) =>
    series.filter((_, index) => (at[index] ?? 0) + INTERVAL_SECONDS > timestamp);
  return new Map(
    [...services].map(([service, { requests, latencySeconds, failedShare }]) => [
      service,
      {
        requests: keep(requests),
        latencySeconds: keep(latencySeconds),
        failedShare: keep(failedShare),
      },
    ]),
  );
}

function readTable(path: string): Table {
  const [services = [], metrics = [], statistics = [], , ...rows] = readCells(path);
  const column = (service: string, metric: string, statistic: string): Series => {
    const index = services.findIndex(
      (name, at) => name === service && metrics[at] === metric && statistics[at] === statistic,
    );
    return rows.map((row) => (index < 0 || (row[index] ?? '') === '' ? null : Number(row[index])));
  };
  const names = [...new Set(services.slice(1))];
  return {
    at: rows.map(([instant]) => Number(instant)),
    services: new Map(
      names.map((name) => [
        name,
        {
          requests: column(name, 'requests', 'Sum'),
          latencySeconds: column(name, 'latency', 'Average'),
          failedShare: column(name, 'availability', 'Average').map((percent) =>
            percent === null ? null : 1 - percent / 100,
          ),
        },
      ]),
    ),
  };
}

function readGraph(path: string): CallGraph {
  const [[, ...callees] = [], ...rows] = readCells(path);
  return rows.flatMap(([from = '', ...cells]) =>
    callees
      .filter((_, index) => Number(cells[index]) > 0)
      .map((to) => ({ from, to, waits: true, toldBy: [] })),
  );
}

function readCells(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(','));
}

function remember<Value>(read: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    const value = known.get(path) ?? read(path);
    known.set(path, value);
    return value;
  };
}
