/**
 * Take over: has somebody else decided about the challenger since the attempt looked last?
 *
 * in:  the stage that the attempt is about to give, how the version stands, how it stood when that was decided
 * out: AttemptNews that ends the attempt, or undefined: go on
 *
 * Rule: the registry is right. A version stands either where the step wants it, or exactly where it stood when the step was decided (same
 * stage, same time, same hand): then the process was killed in between, and the step is taken now. Anything else is somebody's decision,
 * made while the server was up or down: the attempt ends, and their stage is left alone. The same rows give the same version again: one
 * that an earlier attempt has discarded is refused, and nobody has taken over.
 *
 * When it misleads: who moves a version away and back to where it was, at the same instant, is not seen.
 */
import type { ModelStage } from '../registry/stages.js';
import type { AttemptNews } from './attempt.js';
import type { StageAction, Standing } from './runner-world.js';
import type { RetrainState } from './state.js';

/** The hand of an unattended retraining, in the registry and in the audit log. */
export const RETRAINER = 'retrain';

/** Where an attempt leaves its version before each stage. */
const STAGES_BEFORE: Record<StageAction['to'], readonly ModelStage[]> = {
  shadow: ['candidate', 'shadow', 'canary'],
  canary: ['shadow', 'canary'],
  production: ['canary', 'production'],
  archived: ['candidate', 'shadow', 'canary', 'archived'],
};

export function takenOver(
  { version, to }: Pick<StageAction, 'version' | 'to'>,
  standing: Standing,
  stood: RetrainState['stood'],
): (AttemptNews & { what: 'refused' }) | undefined {
  const { stage, by, since } = standing;
  if (stage === to) return undefined;
  if (stage === 'archived' && by === RETRAINER)
    return { what: 'refused', because: `${version} was discarded before` };
  if (!STAGES_BEFORE[to].includes(stage ?? 'archived')) return takeOver(version, standing);
  if (stood?.version !== version) return undefined;
  return stood.stage === stage && stood.by === by && stood.since === since
    ? undefined
    : takeOver(version, standing);
}

/** The attempt ends: this is how the version stands, and by whom. */
export function takeOver(version: string, { stage, by }: Standing): AttemptNews & { what: 'refused' } {
  const who = by ?? 'somebody';
  const because = `by ${who}: ${version} is ${stage ?? 'in no stage'}`;
  return { what: 'refused', because, decidedBy: who };
}
