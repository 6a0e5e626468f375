/**
 * `mlops promote`, `rollback`, `stage` and `sign`: what their words mean.
 *
 * in:  ['stage', '2001-03-31-ab12cd34', 'canary', '--share', '0.1'] → out: StageWish
 */
import { parseArgs } from 'node:util';
import { MODEL_STAGES } from '../registry/stages.js';
import type { ModelStage } from '../registry/stages.js';
import { modelsDirOf, UsageError } from '../usage.js';

/** What is wanted of the registry. `by` is undefined where nobody is named. */
export type StageWish = { modelsDir: string; by: string | undefined; because: string } & (
  | { what: 'rollback' }
  | { what: 'sign'; version: string }
  | { what: 'stage'; version: string; to: ModelStage; share?: number }
);

/** @throws UsageError */
export function readStageWish(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StageWish {
  const { values, positionals } = parse(args);
  const [name, ...words] = positionals;
  const expected = name === 'promote' || name === 'sign' ? 1 : name === 'stage' ? 2 : 0;
  if (words.length !== expected)
    throw new UsageError(`${name}: expected ${WORDS[expected]!}, got '${words.join(' ')}'`);
  const given = { modelsDir: modelsDirOf(values.out, env), by: values.by };
  const because = values.because ?? 'asked for on the command line';
  if (name === 'rollback') return { what: 'rollback', ...given, because };
  if (name === 'sign') return { what: 'sign', ...given, because, version: words[0] ?? '' };
  const [version = '', to = 'production'] = words;
  const stage = MODEL_STAGES.find((stage) => stage === to);
  if (stage === undefined)
    throw new UsageError(`stage: expected one of ${MODEL_STAGES.join(', ')}, got '${to}'`);
  const share = values.share === undefined ? {} : { share: shareOf(values.share) };
  return { what: 'stage', ...given, because, version, to: stage, ...share };
}

const WORDS = ['no further words', 'a version', 'a version and a stage'];

function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share > 0 && share <= 1) return share;
  throw new UsageError(`--share: expected a number above 0 and at most 1, got '${text}'`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        share: { type: 'string' },
        by: { type: 'string' },
        because: { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
