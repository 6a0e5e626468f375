/**
 * Deployments: DORA's measures, on how many cases each rests, and the latest deployments that make them up.
 *
 * in: what the board tells → out: Delivered
 */
import type { Answer } from './questions.js';

type Dora = Answer<'flights-api/dora'>;
export type Deployment = Omit<Dora['deployments'][number], 'changes'>;

const SHOWN = 6;

export interface Delivered extends Omit<Dora, 'deployments'> {
  deployments: number;
  failed: number;
  /** Changes that promoted deployments brought: the lead time is theirs. */
  changes: number;
  /** Newest first. */
  latest: Deployment[];
}

export function deliveredOf({ deployments, ...measures }: Dora): Delivered {
  const promoted = deployments.filter(({ outcome }) => outcome === 'promoted');
  return {
    ...measures,
    deployments: deployments.length,
    failed: deployments.filter(({ failedAt }) => failedAt !== undefined).length,
    changes: promoted.reduce((sum, { changes }) => sum + changes.length, 0),
    latest: deployments
      .slice(-SHOWN)
      .reverse()
      .map(({ changes: _unused, ...deployment }) => deployment),
  };
}
