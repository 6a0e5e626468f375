/**
 * Correlation benchmark: `npm run -s bench:storms -w aiops-demo`. Needs no data: 200 seeded storms with known truth (storm.ts).
 *
 * Columns: notifications for each trouble (1 is best); noise reduction, 1 − notifications / alerts; wrong merges, the share of groups with
 * alerts of several troubles; wrong splits, the share of troubles in several groups; pair precision, recall and F1 over all
 * pairs of alerts; root shown, the share of alerting roots that their group shows as a cause.
 */
import { correlateAlert, createAlertMemory, seededRandom } from 'aiops-demo';
import { makeStorm } from './storm.js';
import type { Storm } from './storm.js';
import { connectedOnly, fingerprintOnly, noGrouping, ours, timeOnly } from './storm-methods.js';
import type { GroupingMethod } from './storm-methods.js';
import { scoreGrouping } from './storm-score.js';
import type { StormScore } from './storm-score.js';

const STORMS = 200;
const SPEED_ALERTS = 10_000;
const SPEED_RUNS = 5;
const NAME_WIDTH = 34;
const HEADS = [
  'told/trouble',
  'noise red.',
  'wrong merges',
  'wrong splits',
  'precision',
  'recall',
  'F1',
  'root shown',
];

const METHODS: readonly (readonly [name: string, method: GroupingMethod])[] = [
  ['ours', ours],
  ['connected services and time', connectedOnly],
  ['time only', timeOnly],
  ['fingerprint only', fingerprintOnly],
  ['no grouping', noGrouping],
];

function main(): void {
  const storms = Array.from({ length: STORMS }, (_, index) => makeStorm(seededRandom(index + 1)));
  const alerts = storms.reduce((sum, storm) => sum + storm.alerts.length, 0);
  const troubles = storms.reduce((sum, { roots }) => sum + roots.length, 0);
  say(`${STORMS} storms (seeds 1 to ${STORMS}), ${alerts} alerts of ${troubles} troubles`);
  say(`${'method'.padEnd(NAME_WIDTH)}${HEADS.map((head) => head.padStart(14)).join('')}`);
  for (const [name, method] of METHODS) {
    say(
      line(
        name,
        storms.map((storm) => scoreGrouping(storm, method(storm))),
      ),
    );
  }
  sayTime();
}

function line(name: string, scores: readonly StormScore[]): string {
  const sum = (of: (score: StormScore) => number) => scores.reduce((total, score) => total + of(score), 0);
  const precision = sum(({ pairs }) => pairs.both) / sum(({ pairs }) => pairs.grouped);
  const recall = sum(({ pairs }) => pairs.both) / sum(({ pairs }) => pairs.true);
  const told = sum(({ notifications }) => notifications);
  const cells = [
    (told / sum(({ troubles }) => troubles)).toFixed(2),
    percent(1 - told / sum(({ alerts }) => alerts)),
    percent(sum(({ wrongMerges }) => wrongMerges) / sum(({ groups }) => groups)),
    percent(sum(({ wrongSplits }) => wrongSplits) / sum(({ troubles }) => troubles)),
    (Number.isNaN(precision) ? 1 : precision).toFixed(3),
    recall.toFixed(3),
    (recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)).toFixed(3),
    scores.some(({ rootsShown }) => rootsShown === null)
      ? '-'
      : percent(sum(({ rootsShown }) => rootsShown ?? 0) / sum(({ rootsTold }) => rootsTold)),
  ];
  return `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(14)).join('')}`;
}

/** By the clock and in processor time, which other programs on the machine do not lengthen; the median of five runs. */
function sayTime(): void {
  const [stream, graph] = longStream();
  const runs = Array.from({ length: SPEED_RUNS }, () => {
    const memory = createAlertMemory(graph);
    const [began, usedBefore] = [performance.now(), process.cpuUsage()];
    for (const { alert, arrivedAt } of stream) correlateAlert(alert, arrivedAt, memory);
    const [ms, { user, system }] = [performance.now() - began, process.cpuUsage(usedBefore)];
    return { ms, cpuMs: (user + system) / 1_000, comparisons: memory.comparisons };
  });
  const median = (values: readonly number[]) =>
    [...values].sort((x, y) => x - y)[Math.floor(SPEED_RUNS / 2)] ?? 0;
  const clock = median(runs.map(({ ms }) => ms)).toFixed(0);
  const processor = median(runs.map(({ cpuMs }) => cpuMs)).toFixed(0);
  const work = `${runs[0]?.comparisons} comparisons of an alert with a group`;
  say(`${stream.length} alerts: ${clock} ms by the clock, ${processor} ms of processor time, ${work}`);
}

/** Storms at the same time in separate parts of one big graph. */
function longStream(): [stream: Storm['alerts'], graph: Storm['graph']] {
  const [alerts, graph]: [Storm['alerts'][number][], Storm['graph'][number][]] = [[], []];
  for (let seed = 1; alerts.length < SPEED_ALERTS; seed += 1) {
    const storm = makeStorm(seededRandom(seed));
    const renamed = (service: string) => `${seed}/${service}`;
    graph.push(...storm.graph.map((call) => ({ ...call, from: renamed(call.from), to: renamed(call.to) })));
    alerts.push(
      ...storm.alerts.map((told) => ({
        ...told,
        alert: {
          ...told.alert,
          fingerprint: renamed(told.alert.fingerprint),
          service: renamed(told.alert.service),
        },
      })),
    );
  }
  return [alerts.sort((a, b) => a.arrivedAt - b.arrivedAt).slice(0, SPEED_ALERTS), graph];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main();
