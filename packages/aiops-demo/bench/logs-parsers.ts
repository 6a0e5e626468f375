/** The parsers that are compared: a parser is made anew for each system and sees its lines once, in order. */
import {
  Drain,
  LINES_TO_FIND_HEADER,
  LineScan,
  TemplateMiner,
  VALUE,
  findHeader,
  skeleton,
  textWithValues,
} from 'aiops-demo';
import type { PredictedLine } from './logs-kit.js';

export type ParseLines = (lines: readonly string[]) => PredictedLine[];

/** Each line keeps the id it got when it came; ids of templates that were merged later lead to the one that went on. */
export function withMiner(lines: readonly string[]): PredictedLine[] {
  const miner = new TemplateMiner();
  const ids = lines.map((line) => miner.learn(line).id);
  const templates = new Map(miner.templates().map(({ id, template }) => [id, template]));
  return ids.map((id) => {
    const cluster = miner.resolve(id);
    return { cluster, template: templates.get(cluster) ?? '' };
  });
}

export function withHeaderFound(lines: readonly string[]): PredictedLine[] {
  const cut = findHeader(lines.slice(0, LINES_TO_FIND_HEADER));
  return withMiner(lines.map((line) => cut(line)));
}

export function withDrain(lines: readonly string[]): PredictedLine[] {
  const drain = new Drain();
  const ids = lines.map((line) => drain.learn(line).id);
  const templates = new Map(drain.clusters().map(({ id, template }) => [id, template]));
  return ids.map((cluster) => ({ cluster, template: templates.get(cluster) ?? '' }));
}

/** Step 1 alone: lines are one statement when they are equal but for parts with digits. */
export function byValues(lines: readonly string[]): PredictedLine[] {
  return byText((line, scan) => textWithValues(line, scan, () => VALUE), lines);
}

/** Steps 1 and 2: … but for everything that is a value in any system. */
export function bySkeleton(lines: readonly string[]): PredictedLine[] {
  return byText(skeleton, lines);
}

function byText(text: (line: string, scan: LineScan) => string, lines: readonly string[]): PredictedLine[] {
  const scan = new LineScan();
  return lines.map((line) => {
    scan.read(line);
    const template = text(line, scan);
    return { cluster: template, template };
  });
}
