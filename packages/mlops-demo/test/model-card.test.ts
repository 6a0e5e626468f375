import { expect, test } from 'vitest';
import { modelCard } from '../src/model-card.js';
import { artifactOf, flightsOf, randomModel } from './serve/world.js';

test('a model card says where a model comes from, what it is for, and how each slice did', async () => {
  const { manifest } = await artifactOf(randomModel(1), 'm-1', flightsOf('2001-01-17', 15, 10));
  const [evaluation] = manifest.evaluations;
  if (evaluation === undefined) throw new Error('expected an evaluation');
  const slice = { rows: 535, lateShare: 0.314, auc: 0.784, logLoss: 0.5, skill: -0.016, ece: 0.0914 };
  const slices = [{ by: 'airport' as const, name: 'SJU', ...slice }];
  const card = modelCard({ ...manifest, evaluations: [{ ...evaluation, slices }] });
  expect(card).toMatch(/^# Model card: m-1\n/);
  for (const part of [
    'Data',
    'Model',
    'Intended use',
    'Limits',
    'Gate',
    'Beside the model in production',
    'Scores: the last week',
  ]) {
    expect(card).toContain(`\n## ${part}\n`);
  }
  expect(card).toContain('from 2001-01-15 to 2001-01-24');
  expect(card).toContain('| this model | 0.870 | 0.700 | 4.000 | 0.300 | 0.090 | 0.020 | 0.340 |');
  expect(card).toContain('| airport | SJU | 535 | 31.4 % | 0.784 | -0.016 | 0.091 |');
  expect(card).toContain('95 % over days: AUC 0.860 to 0.880');
});

test('a model card shows what the model was compared with, and where it loses most', async () => {
  const { manifest } = await artifactOf(randomModel(1), 'm-2', []);
  const comparison = {
    state: 'unfair',
    because: 'better than m-1: log loss lower by 0.0300; unfair to airport SJU',
    against: { digest: 'd', version: 'm-1' },
    rows: 114_016,
    days: 7,
    logLoss: { champion: 0.35, challenger: 0.32 },
    logLossGain: 0.03,
    interval: [0.02, 0.04],
    aucChange: 0.012,
    eceChange: -0.004,
    slices: [
      { by: 'airport', name: 'SJU', rows: 535, champion: 0.41, challenger: 0.62, p: 0.003, unfair: true },
    ],
  } as const;
  const card = modelCard({ ...manifest, comparison: { ...comparison, slices: [...comparison.slices] } });
  expect(card).toContain('Unfair: better than m-1: log loss lower by 0.0300; unfair to airport SJU.');
  expect(card).toContain(
    'On 114,016 flights of 7 days: log loss 0.3200, there 0.3500; AUC +0.0120, calibration error −0.0040.',
  );
  expect(card).toContain('| airport | SJU | 535 | 0.620 | 0.410 | 0.003 | unfair |');
  expect(modelCard(manifest)).toContain('Not compared: it was made before runs compared.');
  const none = {
    state: 'no champion',
    because: 'nothing was in production',
    against: { digest: 'none' },
  } as const;
  expect(modelCard({ ...manifest, comparison: none })).toContain('No champion: nothing was in production.');
});
