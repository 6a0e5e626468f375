/**
 * Model card: what one should know before using a model, generated from its manifest.
 *
 * in:  ModelManifest, StageRecord → out: Markdown
 *
 * Rule: every number is the manifest's, what was decided since is the registry's. What is true of all models of this pipeline (use, limits) stands here once.
 *
 * Source: Mitchell et al., "Model Cards for Model Reporting" (2019).
 */
import type { SliceComparison } from './evaluation/compare-slices.js';
import type { SliceScores } from './evaluation/slices.js';
import type { Comparison, Evaluation, ModelManifest, Scores } from './registry/manifest.js';
import type { StageRecord } from './registry/stages.js';

/** @param record how it stands in the registry */
export function modelCard(manifest: ModelManifest, record?: StageRecord): string {
  const { version, data, timetable, gate, calibration } = manifest;
  return `# Model card: ${version}

The risk that a flight arrives 15 minutes late or more, asked at the minute of its departure.

## Data

${data.rows.toLocaleString('en-US')} clean flights, version ${data.version}, of ${data.source} (US Department of Transportation, collected
under 14 CFR 234). Trained on ${manifest.trainedRows.toLocaleString('en-US')} of them from ${manifest.trainedFrom} to ${manifest.trainedThrough}; the newest days of this span chose the
epoch and the calibration. Departures before 5 in the morning are left out: the file dates them wrongly.

## Model

Two hidden layers on ${manifest.features.length} inputs, seed ${manifest.seed}, backend ${manifest.backend}. Timetable ${timetable.kind}, as of ${timetable.asOf}. Calibration: log odds ×
${calibration.slope.toFixed(3)} ${calibration.intercept < 0 ? '−' : '+'} ${Math.abs(calibration.intercept).toFixed(3)}. Made at ${manifest.createdAt}.

## Intended use

To tell passengers and staff at departure how likely a late arrival is, and to teach how such a model is built, watched and replaced.

Not for: judging crews, airlines or airports; flights after 2001; planning weeks ahead, as the inputs are of the last hours.

## Limits

- It knows no weather, no schedule, no carrier: only what other flights of the day show.
- A frozen timetable ages; new airline timetables (1 April) make it worse within days.
- Completed flights only: cancelled and diverted ones are not in the data.
- Asked with a clock that is one hour off, it is hardly better than chance.

## Gate

${gate.state === 'passed' ? 'Passed' : 'Failed'}: ${gate.because}.

## Beside the model in production

${manifest.comparison === undefined ? 'Not compared: it was made before runs compared.' : comparisonSection(manifest.comparison)}

${record === undefined ? '' : stageSection(record)}
${manifest.evaluations.map(evaluationSection).join('\n')}`;
}

function stageSection({ stage, since, by, because, decided }: StageRecord): string {
  const newest =
    decided === undefined
      ? ''
      : `
The newest run that has promoted it, at ${decided.at} by ${decided.by}, with the gate ${decided.gate}: ${decided.because}.
`;
  return `## Stage

${capital(stage)} since ${since}, by ${by}: ${because}.
${newest}`;
}

function comparisonSection(comparison: Comparison): string {
  const verdict = `${capital(comparison.state)}: ${comparison.because}.`;
  if (!('logLoss' in comparison)) return verdict;
  const { logLoss, aucChange, eceChange, rows, days, slices } = comparison;
  return `${verdict}

On ${rows.toLocaleString('en-US')} flights of ${days} days: log loss ${logLoss.challenger.toFixed(4)}, there ${logLoss.champion.toFixed(4)}; AUC ${signed(aucChange)}, calibration error ${signed(eceChange)}.

Where it gains least or loses most (p: that chance alone makes it look as bad, with all slices taken into account):

| by | slice | flights | log loss | there | p | |
|---|---|---|---|---|---|---|
${slices.map(comparedRow).join('\n')}`;
}

function comparedRow({ by, name, rows, champion, challenger, p, unfair }: SliceComparison): string {
  return `| ${by} | ${name} | ${rows.toLocaleString('en-US')} | ${cells([challenger, champion, p])} | ${unfair ? 'unfair' : ''} |`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function evaluationSection({ period, slices, intervals, ...scored }: Evaluation): string {
  const row = (name: string, s: Scores): string =>
    `| ${name} | ${cells([s.auc, s.prAuc, s.lift, s.logLoss, s.brier, s.ece, s.skill])} |`;
  const interval = ([low, high]: readonly [number, number]): string =>
    `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return `## Scores: ${period}

${scored.model.rows.toLocaleString('en-US')} flights, ${(scored.model.lateShare * 100).toFixed(1)} % of them late.

| | AUC | PR-AUC | lift@10 % | log loss | Brier | calibration error | skill |
|---|---|---|---|---|---|---|---|
${row('this model', scored.model)}
${row('logistic regression', scored.logisticRegression)}
${row('hour table', scored.hourTable)}
${row('base rate', scored.baseRate)}

95 % over days: AUC ${interval(intervals.auc)}, log loss ${interval(intervals.logLoss)}, calibration error ${interval(intervals.ece)}.

By slice, the least skill first (slices of at least 500 flights; of the airports the ten worst):

| by | slice | flights | late | AUC | skill | calibration error |
|---|---|---|---|---|---|---|
${slices.map(sliceRow).join('\n')}
`;
}

function sliceRow({ by, name, rows, lateShare, auc, skill, ece }: SliceScores): string {
  return `| ${by} | ${name} | ${rows.toLocaleString('en-US')} | ${(lateShare * 100).toFixed(1)} % | ${cells([auc, skill, ece])} |`;
}

function cells(values: readonly number[]): string {
  return values.map((value) => value.toFixed(3)).join(' | ');
}
