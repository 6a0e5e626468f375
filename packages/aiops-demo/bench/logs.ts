/**
 * Benchmark of log clustering on Loghub's 2k samples: `npm run -s bench:logs -- --kit DIR --out DIR [--quick]`.
 *
 * Writes OUT/<System>.csv (from lines without header) and OUT/raw/<System>.csv (from whole lines), and prints how well the lines are grouped beside
 * baselines and published results, what each step gains, and how fast it is. `--quick` leaves out 10 million lines.
 */
import { join } from 'node:path';
import { runDrain3 } from './drain3.js';
import { ANCHORS, ANCHORS_RAW, ANCHORS_SYSTEMS } from './logs-anchors.js';
import { readSystems, writePredictions } from './logs-kit.js';
import type { LogSystem } from './logs-kit.js';
import { bySkeleton, byValues, withDrain, withHeaderFound, withMiner } from './logs-parsers.js';
import type { ParseLines } from './logs-parsers.js';
import { meanScore, scoreLogs } from './logs-score.js';
import type { LogScore } from './logs-score.js';
import { SEED, createRandom, freshLines } from './logs-lines.js';
import { DRAIN3_LINES, printMemory, printSpeed } from './logs-speed.js';
import { benchOptions } from './options.js';

const args = process.argv.slice(2);
const isQuick = args.includes('--quick');
const { kit, out } = benchOptions(
  'loghub',
  args.filter((arg) => arg !== '--quick'),
);
if (kit === undefined)
  console.log('bench:logs skipped: no Loghub samples here; name their folder with --kit DIR');
else run(readSystems(kit));

function run(systems: readonly LogSystem[]): void {
  console.log(`Loghub-2k, ${systems.length} systems, one default for all\n`);
  const scores = systems.map((system) => {
    const [content, raw] = [predict(system, withMiner, 'content'), predict(system, withHeaderFound, 'raw')];
    if (out !== undefined) {
      writePredictions(out, system.name, content);
      writePredictions(join(out, 'raw'), system.name, raw);
    }
    return {
      name: system.name,
      content: scoreLogs(system.lines, content),
      raw: scoreLogs(system.lines, raw),
    };
  });
  printRows(
    'each system (ours)',
    scores.map(({ name, content }) => [name, content]),
  );

  const contents = systems.flatMap(({ lines }) => lines.map(({ content }) => content));
  const random = createRandom(SEED);
  const fresh = (count: number) => freshLines(contents, count, random);
  const drain3 = runDrain3(
    Object.fromEntries(systems.map(({ name, lines }) => [name, lines.map(({ content }) => content)])),
    fresh(DRAIN3_LINES),
  );
  const ours = meanScore(scores.map(({ content }) => content));
  const plain = meanOf(systems, withDrain, 'content');
  printRows('lines without header, mean', [
    ['ours, untuned', ours],
    ['Drain as in the paper, untuned (src/parse/drain.ts)', plain],
    ...(drain3 === null
      ? []
      : ([['Drain3 in this run, example configuration', scoreOfDrain3(systems, drain3.systems)]] as const)),
    ...(systems.length === ANCHORS_SYSTEMS
      ? ANCHORS.map(([name, score]) => [`published: ${name}`, score] as const)
      : []),
  ]);
  printRows('whole lines, header found by itself, mean', [
    ['ours, untuned', meanScore(scores.map(({ raw }) => raw))],
    ['ours, header left on', meanOf(systems, withMiner, 'raw')],
    ['Drain as in the paper, header left on', meanOf(systems, withDrain, 'raw')],
    ...(systems.length === ANCHORS_SYSTEMS
      ? ANCHORS_RAW.map(([name, score]) => [`published: ${name}`, score] as const)
      : []),
  ]);
  printRows('what each step gains, lines without header, mean', [
    ['1 parts with digits are values (line-scan.ts)', meanOf(systems, byValues, 'content')],
    ['2 and paths, names, dates, lists (skeleton.ts)', meanOf(systems, bySkeleton, 'content')],
    ['3 and words that vary (variable-word.ts)', ours],
  ]);
  printSpeed(fresh, drain3?.linesPerSecond ?? null);
  if (!isQuick) printMemory(fresh);
}

function predict({ lines }: LogSystem, parse: ParseLines, from: 'content' | 'raw') {
  return parse(lines.map((line) => line[from]));
}

function meanOf(systems: readonly LogSystem[], parse: ParseLines, from: 'content' | 'raw'): LogScore {
  return meanScore(systems.map((system) => scoreLogs(system.lines, predict(system, parse, from))));
}

/** Its templates read otherwise (`<:NUM:>`, no `_`), so only the groups are scored. */
function scoreOfDrain3(systems: readonly LogSystem[], clusters: Readonly<Record<string, readonly string[]>>) {
  const { ga, fga } = meanScore(
    systems.map(({ name, lines }) =>
      scoreLogs(
        lines,
        (clusters[name] ?? []).map((cluster) => ({ cluster, template: cluster })),
      ),
    ),
  );
  return { ga, fga };
}

function printRows(title: string, rows: readonly (readonly [string, Partial<LogScore>])[]): void {
  const cell = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(4)).padStart(7);
  console.log(`${title.padEnd(58)}     GA     FGA      PA     FTA`);
  for (const [name, { ga, fga, pa, fta }] of rows)
    console.log(`  ${name.padEnd(56)} ${[ga, fga, pa, fta].map(cell).join(' ')}`);
  console.log('');
}
