/**
 * `mlops promote`, `rollback`, `stage` and `sign`: what their words mean.
 *
 * in:  ['stage', '2001-03-31-ab12cd34', 'canary', '--share', '0.1'] → out: StageWish
 */
import { oneOf, readArguments, TEXT, UsageError } from '../command-line.js';
import { MODEL_STAGES } from '../registry/stages.js';
import type { ModelStage } from '../registry/stages.js';
import { modelsDirOf } from '../usage.js';

export const REGISTRY_USAGE = `mlops promote, rollback, stage, sign: which version of the model does what

  mlops promote VERSION         into production; the one before is archived
  mlops rollback                back to the version in production before
  mlops stage VERSION STAGE     STAGE: ${MODEL_STAGES.join(', ')}
    --share SHARE               of a canary: of the requests, above 0 and at most 1
  mlops sign VERSION            with the registry's key: a version from before there were signatures
    --by WHO, --because WHY     for the audit log (default person:USER)
    --models DIR                the model registry (default MODELS_DIR or .triops/mlops)

Examples
  npx mlops stage 2001-03-31-9d2b36da canary --share 0.1
  npx mlops promote 2001-03-31-9d2b36da --because "better in March"

Exit codes: 0 done · 1 refused · 2 not understood
`;

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
  const { values, positionals } = readArguments(args, OPTIONS);
  const [name, ...words] = positionals;
  const expected = name === 'promote' || name === 'sign' ? 1 : name === 'stage' ? 2 : 0;
  if (words.length !== expected)
    throw new UsageError(`${name}: expected ${WORDS[expected]!}, got '${words.join(' ')}'`);
  const given = { modelsDir: modelsDirOf(values.models ?? values.out, env), by: values.by };
  const because = values.because ?? 'asked for on the command line';
  if (name === 'rollback') return { what: 'rollback', ...given, because };
  if (name === 'sign') return { what: 'sign', ...given, because, version: words[0] ?? '' };
  const [version = '', to = 'production'] = words;
  const stage = oneOf('stage', to, MODEL_STAGES);
  const share = values.share === undefined ? {} : { share: shareOf(values.share) };
  return { what: 'stage', ...given, because, version, to: stage, ...share };
}

const WORDS = ['no further words', 'a version', 'a version and a stage'];

function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share > 0 && share <= 1) return share;
  throw new UsageError(`--share: expected a number above 0 and at most 1, got '${text}'`);
}

const OPTIONS = { share: TEXT, by: TEXT, because: TEXT, models: TEXT, out: TEXT };
