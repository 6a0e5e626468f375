/**
 * Scores predicted clusters and templates against labels.
 *
 * GA: share of lines whose cluster has exactly the lines of a true group (Zhu et al., ICSE 2019). FGA: F1 over groups. PA: share of lines with
 * exactly the true template. FTA: F1 over templates that all their lines have in truth (both Jiang et al., ISSTA 2024).
 */
import type { LabelledLine, PredictedLine } from './logs-kit.js';

export interface LogScore {
  readonly ga: number;
  readonly fga: number;
  readonly pa: number;
  readonly fta: number;
}

export function scoreLogs(truth: readonly LabelledLine[], predicted: readonly PredictedLine[]): LogScore {
  const groups = membersOf(truth.map(({ group }) => group));
  const clusters = membersOf(predicted.map(({ cluster }) => cluster));
  const known = new Set([...groups.values()].map((lines) => lines.join()));
  const exact = [...clusters.values()].filter((lines) => known.has(lines.join()));
  const templates = membersOf(predicted.map(({ template }) => template));
  const right = [...templates].filter(([text, lines]) => lines.every((i) => truth[i]?.template === text));
  const trueTemplates = new Set(truth.map(({ template }) => template)).size;
  return {
    ga: sum(exact.map((lines) => lines.length)) / truth.length,
    fga: f1(exact.length, clusters.size, groups.size),
    pa: truth.filter(({ template }, i) => template === predicted[i]?.template).length / truth.length,
    fta: f1(right.length, templates.size, trueTemplates),
  };
}

export function meanScore(scores: readonly LogScore[]): LogScore {
  const mean = (of: keyof LogScore) => sum(scores.map((score) => score[of])) / scores.length;
  return { ga: mean('ga'), fga: mean('fga'), pa: mean('pa'), fta: mean('fta') };
}

function membersOf(keys: readonly string[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) members.set(key, [...(members.get(key) ?? []), i]);
  return members;
}

/** 2pr / (p + r) with p = hits / predicted, r = hits / real. */
function f1(hits: number, predicted: number, real: number): number {
  return (2 * hits) / (predicted + real);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
