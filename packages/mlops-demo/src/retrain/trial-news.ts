/**
 * Trial news: what the verdict of a trial means for the attempt. The same in the server and in `mlops story`.
 *
 * in:  the stage in which the trial was, its verdict → out: AttemptNews
 *
 * Rule: in shadow the trial asks whether the challenger is as good on flights that both judge. That it is better was shown before, on the
 * days that examined both; so a pass is enough to let it answer a share, and no answer begins another trial.
 */
import type { AttemptNews } from './attempt.js';

const COMPARED = { pass: 'as good', fail: 'worse', inconclusive: 'no answer' } as const;

export function newsOfTrial(
  stage: 'shadow' | 'canary',
  { kind, because }: { kind: 'pass' | 'fail' | 'inconclusive'; because: string },
): AttemptNews {
  if (stage === 'canary') return { what: 'analyzed', kind, because };
  return { what: 'compared', state: COMPARED[kind], because };
}
