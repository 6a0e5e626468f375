/** Lines per second of processor time, as lines and templates grow, and memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Drain, TemplateMiner } from 'aiops-demo';
import { SEED, createRandom, freshLines, madeUpStatements } from './logs-lines.js';

type MakeLines = (count: number) => string[];

interface Learner {
  learn(line: string): unknown;
}

export const DRAIN3_LINES = 100_000;
const SCALES = [1_000, 10_000, 100_000, 1_000_000];
const TEMPLATE_SCALES = [100, 1_000, 10_000];
const LINES_A_TEMPLATE_SCALE = 200_000;
const LONG_RUN_LINES = 10_000_000;
const BLOCK_LINES = 20_000;

export function printSpeed(fresh: MakeLines, drain3: number | null): void {
  console.log('lines a second of one core, lines of all systems mixed, each with new numbers');
  for (const count of SCALES)
    console.log(
      `  ours, ${count.toLocaleString('en').padEnd(14)} lines ${perSecond(linesPerSecond(new TemplateMiner(), count, fresh))}`,
    );
  console.log(
    `  Drain as in the paper, ${DRAIN3_LINES.toLocaleString('en')} ${perSecond(linesPerSecond(new Drain(), DRAIN3_LINES, fresh))}`,
  );
  console.log(
    drain3 === null
      ? '  Drain3 is not installed here (pip install drain3)'
      : `  Drain3, ${DRAIN3_LINES.toLocaleString('en').padEnd(12)} lines ${perSecond(drain3)}`,
  );
  console.log('\nlines a second as templates grow (made-up statements)');
  for (const templates of TEMPLATE_SCALES) {
    const random = createRandom(SEED);
    const statements = madeUpStatements(templates, random);
    const miner = new TemplateMiner({ maxTemplates: 2 * templates });
    for (const statement of statements) miner.learn(statement);
    const speed = linesPerSecond(miner, LINES_A_TEMPLATE_SCALE, (count) =>
      freshLines(statements, count, random),
    );
    console.log(
      `  ${templates.toLocaleString('en').padStart(6)} statements, ${String(miner.size).padStart(6)} templates ${perSecond(speed)}`,
    );
  }
}

export function printMemory(fresh: MakeLines): void {
  console.log('\nmemory in use over 10 million lines');
  const miner = new TemplateMiner();
  const before = heapMegabytes();
  for (let done = 0; done < LONG_RUN_LINES;) {
    const speed = linesPerSecond(miner, LONG_RUN_LINES / 5, fresh);
    done += LONG_RUN_LINES / 5;
    console.log(
      `  ${done.toLocaleString('en').padStart(10)} lines: ${(heapMegabytes() - before).toFixed(1)} MB, ${miner.size} templates${perSecond(speed)} lines/s`,
    );
  }
}

function perSecond(value: number): string {
  return Math.round(value).toLocaleString('en').padStart(12);
}

/** Making the lines is not counted. */
function linesPerSecond(learner: Learner, count: number, makeLines: MakeLines): number {
  let microseconds = 0;
  for (let done = 0; done < count; done += BLOCK_LINES) {
    const lines = makeLines(Math.min(BLOCK_LINES, count - done));
    const before = process.cpuUsage();
    for (const line of lines) learner.learn(line);
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  return (count / microseconds) * 1e6;
}

/** Memory in use after a full collection. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
