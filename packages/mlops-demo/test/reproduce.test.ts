import { describe, expect, test } from 'vitest';
import { compareRuns } from '../src/reproduce.js';
import type { Reproducible } from '../src/reproduce.js';

const digest = (character: string): string => character.repeat(64);
const file = { sha256: digest('f'), bytes: 1 };
const STAGE = { code: digest('1'), key: digest('2'), digest: digest('3') };

const RECORDED: Reproducible = {
  version: '2001-01-31-aaaaaaaa',
  backend: 'wasm',
  data: { version: 'flights-1', rows: 1, source: 'a file' },
  files: { 'model.json': file, 'weights.bin': file, 'timetable.bin': file, 'history.csv.gz': file },
  lineage: {
    plan: {},
    flights: digest('a'),
    airports: digest('b'),
    stages: { ingest: STAGE, features: STAGE, train: STAGE },
    versions: { node: 'v22.1.0' },
  },
};
const OTHER_WEIGHTS = { ...RECORDED.files, 'weights.bin': { sha256: digest('0'), bytes: 1 } };
const stages = (changes: object): Reproducible['lineage'] => ({
  ...RECORDED.lineage,
  stages: { ...RECORDED.lineage.stages, ...changes },
});

describe('a run compared with the recorded one', () => {
  test('is equal when its weights are', () => {
    expect(compareRuns(RECORDED, RECORDED)).toEqual({
      state: 'equal',
      because: 'the weights are the same, bit for bit: sha256 ffffffffffff',
      differences: [],
    });
  });

  test('with the same weights from other code is equal, and the other code is named', () => {
    const lineage = stages({ train: { ...STAGE, code: digest('9') } });
    expect(compareRuns(RECORDED, { ...RECORDED, lineage })).toMatchObject({
      state: 'equal',
      because: expect.stringContaining('although different: code of train') as string,
      differences: [{ what: 'code of train', recorded: '111111111111', now: '999999999999' }],
    });
  });

  test.each<[string, Partial<Reproducible>]>([
    ['flights file', { lineage: { ...RECORDED.lineage, flights: digest('8') } }],
    ['data version', { data: { ...RECORDED.data, version: 'flights-2' } }],
    ['code of features', { lineage: stages({ features: { ...STAGE, code: digest('8') } }) }],
    ['backend', { backend: 'cpu' }],
    ['node', { lineage: { ...RECORDED.lineage, versions: { node: 'v20.0.0' } } }],
  ])('with other weights names what was different: %s', (what, change) => {
    expect(compareRuns(RECORDED, { ...RECORDED, ...change, files: OTHER_WEIGHTS })).toMatchObject({
      state: 'different',
      because: expect.stringMatching(`different: ${what}$`) as string,
      differences: [{ what }],
    });
  });

  test('names the first stage that made something else, and says when nothing explains it', () => {
    const lineage = stages({
      features: { ...STAGE, digest: digest('7') },
      train: { ...STAGE, digest: digest('7') },
    });
    expect(compareRuns(RECORDED, { ...RECORDED, lineage, files: OTHER_WEIGHTS }).because).toBe(
      'the weights are others: ffffffffffff recorded, 000000000000 now; the first stage with another result is features; ' +
        'different: nothing that is recorded',
    );
  });
});
