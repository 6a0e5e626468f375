/**
 * Table `drift-peers`: what a whole comparison of windows costs beside Evidently's DataDriftPreset, and whether both say the same.
 *
 * Rule: the 19 columns that the monitor watches, of real flights. The cost: 1,000,000 flights of January to March against 1,000,000 of April to June,
 * each side in a process of its own, in turn, the median of the rounds; reading the columns is not counted. The verdicts: these, ten days
 * against the week of 25 January (all rows: distances), and 500 flights of each day against 1,000 of the week (p-values).
 *
 * When it misleads: Evidently also prepares its plots. Ours counts categories as flights come in, not here. The server keeps 2,000 rows of a
 * window, so its own comparison is the last line.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dateOf, dayNumber, dayOf } from 'mlops-demo';
import { measureColumn, readCleanFlights } from 'mlops-demo/training';
import type { ColumnDrift, Columns, ColumnValues, FlightColumns } from 'mlops-demo/training';
import { median } from '../serving/median.js';
import { startPeer } from './peer.js';
import type { Peer, Took } from './peer.js';
import { columnsOf, positionsOf, readColumns, writeColumns } from './watched-columns.js';

const ALL_DAYS = { from: '2001-01-01', through: '2001-06-30' };
/** TRIOPS_PEER_ROWS=100000 for a first look: Evidently takes minutes for a million. */
const LARGE = Number(process.env['TRIOPS_PEER_ROWS'] ?? 1_000_000);
const LARGE_NAME = LARGE.toLocaleString('en-US');
const ROUNDS = 3;
const SERVER_ROWS = 2_000;
const SMALL = { reference: 1_000, today: 500 };
const WEEK = ['2001-01-25', '2001-01-31'] as const;
const DAYS = [
  ['2001-02-01', 2],
  ['2001-02-23', 4],
  ['2001-03-31', 4],
] as const;

interface Compared extends Took {
  heldMegabytes: number;
  peakMegabytes: number;
  columns: (Pick<ColumnDrift, 'column' | 'value' | 'drifted'> & { test: string })[];
}

type Compare = (reference: string, today: string) => Promise<Compared>;

export async function driftPeersTable(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-drift-'));
  const modules = ['evidently', 'scipy', 'pandas', 'numpy'];
  try {
    const days = writeSides(folder, await readCleanFlights(ALL_DAYS));
    const chosen = await startPeer('drift.py', modules, [folder]);
    if (chosen.state === 'started') chosen.peer.end();
    const ours: Compare = async (...sides) => Promise.resolve(ourComparison(folder, sides));
    const fresh: Compare = async (reference, today) => {
      const again = await startPeer('drift.py', modules, [folder]);
      if (again.state === 'absent') throw new Error(again.because);
      const compared = await again.peer.ask<Compared>({ what: 'compare', reference, today });
      again.peer.end();
      return compared;
    };
    await printCost(ours, chosen.state === 'started' ? fresh : undefined);
    if (chosen.state === 'absent') return console.log(`no Evidently: ${chosen.because}`);
    const again = await startPeer('drift.py', modules, [folder]);
    if (again.state === 'started') {
      await printVerdicts(folder, days, ours, again.peer);
      again.peer.end();
    }
    console.log(`with ${chosen.versions}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers the days. */
function writeSides(folder: string, flights: FlightColumns): string[] {
  const days = DAYS.flatMap(([first, count]) =>
    Array.from({ length: count }, (_, after) => dateOf(dayNumber(first) + after)),
  );
  const [from, through] = WEEK.map(dayNumber);
  const inWeek = (minute: number): boolean => dayOf(minute) >= from! && dayOf(minute) <= through!;
  const spring = dayNumber('2001-04-01');
  const sides = new Map<string, Uint32Array>();
  for (const [name, rows] of [
    ['large', LARGE],
    ['server', SERVER_ROWS],
  ] as const) {
    sides.set(
      `${name}-before`,
      positionsOf(flights, (minute) => dayOf(minute) < spring, rows),
    );
    sides.set(
      `${name}-after`,
      positionsOf(flights, (minute) => dayOf(minute) >= spring, rows),
    );
  }
  sides.set('week', positionsOf(flights, inWeek));
  sides.set('small-week', positionsOf(flights, inWeek, SMALL.reference));
  for (const day of days) {
    const number = dayNumber(day);
    const inDay = (minute: number): boolean => dayOf(minute) === number;
    sides.set(day, positionsOf(flights, inDay));
    sides.set(`small-${day}`, positionsOf(flights, inDay, SMALL.today));
  }
  for (const [side, columns] of columnsOf(flights, sides)) writeColumns(folder, side, columns);
  return days;
}

function ourComparison(folder: string, sides: readonly string[]): Compared {
  const program = join(import.meta.dirname, 'our-drift.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, folder, ...sides], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench: our-drift failed: ${stderr.slice(-300)}`);
  return JSON.parse(stdout) as Compared;
}

async function printCost(ours: Compare, theirs: Compare | undefined): Promise<void> {
  const lines: [string, Compare, string][] = [
    ['monitor, every row', ours, 'large'],
    ...(theirs === undefined
      ? []
      : ([['Evidently, every row', theirs, 'large']] as [string, Compare, string][])),
    ['monitor, 2,000 rows a side', ours, 'server'],
  ];
  const taken = new Map<string, Compared[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, compare, sides] of lines)
      taken.set(name, [...(taken.get(name) ?? []), await compare(`${sides}-before`, `${sides}-after`)]);
  }
  console.log(
    `\n${`${LARGE_NAME} flights against as many`.padEnd(36)}seconds  ratio   CPU s   MB held  MB at most   (ratio: times the first)`,
  );
  const [base = []] = taken.values();
  for (const [name, rounds] of taken) {
    const of = (key: 'seconds' | 'cpuSeconds' | 'heldMegabytes' | 'peakMegabytes'): number =>
      median(rounds.map((each) => each[key]));
    const cells = [
      of('seconds').toFixed(2).padStart(7),
      median(rounds.map(({ seconds }, round) => seconds / (base[round]?.seconds ?? NaN)))
        .toFixed(2)
        .padStart(7),
      of('cpuSeconds').toFixed(2).padStart(8),
      of('heldMegabytes').toFixed(0).padStart(10),
      of('peakMegabytes').toFixed(0).padStart(12),
    ];
    console.log(name.padEnd(36) + cells.join(''));
  }
}

interface Agreement {
  columns: number;
  agreed: number;
  /** Of the values before any adjustment, by test. */
  apart: Map<string, number>;
  reasons: Map<string, number>;
}

async function printVerdicts(
  folder: string,
  days: readonly string[],
  ours: Compare,
  peer: Peer,
): Promise<void> {
  const windows: [string, [string, string][]][] = [
    [`${LARGE_NAME} against ${LARGE_NAME}`, [['large-before', 'large-after']]],
    ['ten days against a week', days.map((day) => ['week', day])],
    ['500 flights against 1,000', days.map((day) => ['small-week', `small-${day}`])],
  ];
  console.log(`\n${'the same verdicts as Evidently'.padEnd(36)}columns  farthest apart, by test`);
  for (const [title, pairs] of windows) {
    const agreement: Agreement = { columns: 0, agreed: 0, apart: new Map(), reasons: new Map() };
    for (const [reference, today] of pairs) {
      const here = await ours(reference, today);
      const there = await peer.ask<Compared>({ what: 'compare', reference, today });
      add(agreement, {
        here,
        there,
        before: readColumns(folder, reference),
        now: readColumns(folder, today),
      });
    }
    const apart = [...agreement.apart].map(([test, value]) => `${test} ${value.toExponential(0)}`);
    console.log(
      `${title.padEnd(34)}${`${agreement.agreed} of ${agreement.columns}`.padStart(9)}  ${apart.join(', ')}`,
    );
    for (const [reason, count] of agreement.reasons) console.log(`  ${count} × ${reason}`);
  }
}

interface Pair {
  here: Compared;
  there: Compared;
  before: Columns;
  now: Columns;
}

function add(agreement: Agreement, { here, there, before, now }: Pair): void {
  for (const ours of here.columns) {
    const theirs = there.columns.find(({ column }) => column === ours.column);
    if (theirs === undefined) throw new Error(`bench: Evidently has no column ${ours.column}`);
    const alone = measureColumn(
      before.columns.get(ours.column)!,
      now.columns.get(ours.column)!,
      before.rows,
    )!;
    const test = `${alone.test}${alone.test === 'χ²' ? ` (${theirs.test})` : ''}`;
    const apart = Math.abs(alone.value - theirs.value);
    agreement.apart.set(test, Math.max(agreement.apart.get(test) ?? 0, apart));
    agreement.columns += 1;
    if (ours.drifted === theirs.drifted) {
      agreement.agreed += 1;
      continue;
    }
    const isDistance = alone.test === 'Wasserstein' || alone.test === 'Jensen–Shannon';
    const drifted = isDistance ? alone.value >= alone.limit : alone.value < alone.limit;
    const values = `${alone.test} ${alone.value.toPrecision(2)}, their ${theirs.test} ${theirs.value.toPrecision(2)}`;
    const why =
      drifted === theirs.drifted
        ? 'our p-values are adjusted for all columns'
        : theirs.value === 0 && hasNewCategory(before.columns.get(ours.column), now.columns.get(ours.column))
          ? 'a category that the reference lacks: Evidently expects none, so its χ² is infinite'
          : `${ours.column}: ${values}`;
    agreement.reasons.set(why, (agreement.reasons.get(why) ?? 0) + 1);
  }
}

function hasNewCategory(before: ColumnValues | undefined, now: ColumnValues | undefined): boolean {
  if (before?.kind !== 'categorical' || now?.kind !== 'categorical') return false;
  return [...now.counts.keys()].some((category) => !before.counts.has(category));
}
