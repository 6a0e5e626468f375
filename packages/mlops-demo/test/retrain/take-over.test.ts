/** Who has decided about a challenger: somebody else, or an earlier attempt. */
import { expect, test } from 'vitest';
import { takenOver } from '../../src/retrain/take-over.js';

const toShadow = { version: 'v-1', to: 'shadow' } as const;
const since = '2001-04-02T17:00:00Z';

test('a version that an earlier attempt has discarded is refused, and nobody has taken over', () => {
  expect(takenOver(toShadow, { stage: 'archived', by: 'retrain', since }, undefined)).toEqual({
    what: 'refused',
    because: 'v-1 was discarded before',
  });
});

test('a version that a person has archived is taken over by them', () => {
  expect(takenOver(toShadow, { stage: 'archived', by: 'person:ada', since }, undefined)).toEqual({
    what: 'refused',
    because: 'by person:ada: v-1 is archived',
    decidedBy: 'person:ada',
  });
});

test('a candidate may go on', () => {
  expect(takenOver(toShadow, { stage: 'candidate', by: 'retrain', since }, undefined)).toBeUndefined();
});
