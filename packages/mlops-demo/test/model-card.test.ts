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
  for (const part of ['Data', 'Model', 'Intended use', 'Limits', 'Gate', 'Scores: the last week']) {
    expect(card).toContain(`\n## ${part}\n`);
  }
  expect(card).toContain('from 2001-01-15 to 2001-01-24');
  expect(card).toContain('| this model | 0.870 | 0.700 | 4.000 | 0.300 | 0.090 | 0.020 | 0.340 |');
  expect(card).toContain('| airport | SJU | 535 | 31.4 % | 0.784 | -0.016 | 0.091 |');
  expect(card).toContain('95 % over days: AUC 0.860 to 0.880');
});
