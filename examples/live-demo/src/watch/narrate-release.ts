/**
 * Narrate, the releases' part: which version of the board and which model serve, and what becomes of a canary of the board.
 *
 * in: Observation before, Observation now → out: Line[]
 *
 * Rule: a canary is told when its share of the traffic changes and when its release is over, in the delivery pipeline's own words.
 * When it misleads: a release that began and ended between two looks is told by its end only.
 *
 *   // { kind: 'release', text: 'canary: 0.2.0 gets 5 % of the requests, step 1 of 4' }
 *   // { kind: 'release', text: 'canary over: 0.2.0 was taken back: errors: 12 of 60 against 0 of 1140' }
 */
import type { Line } from './narrate.js';
import type { DeliveryStage, Observation } from './observation.js';

/** As git shows it. */
const SHORT_COMMIT = 12;

export function aboutReleases(before: Observation, now: Observation): Line[] {
  const lines: Line[] = [];
  const { board, model } = now;
  const sameBoard = board?.version === before.board?.version && board?.commit === before.board?.commit;
  if (board !== undefined && !sameBoard) {
    const from = before.board === undefined ? '' : ` (before: ${before.board.version})`;
    const commit = board.commit.slice(0, SHORT_COMMIT);
    lines.push({ kind: 'release', text: `flights-api ${board.version} of commit ${commit} serves${from}` });
  }
  if (model !== undefined && model.version !== before.model?.version) {
    const from = before.model === undefined ? '' : ` (before: ${before.model.version})`;
    lines.push({ kind: 'release', text: `model ${model.version} serves${from}` });
  }
  return [...lines, ...aboutCanary(before.delivery, now.delivery)];
}

function aboutCanary(before: Observation['delivery'], now: Observation['delivery']): Line[] {
  // What is known at the first look belongs to an earlier run.
  if (before === undefined || now === undefined) return [];
  const news = (name: string): DeliveryStage | undefined => {
    const stage = stageOf(now, name);
    return stage?.because === stageOf(before, name)?.because ? undefined : stage;
  };
  const share = news('shift-traffic');
  const release = news('release');
  return [
    ...(share?.state === 'running' ? [`canary: ${share.because}`] : []),
    ...(release === undefined || release.state === 'running' ? [] : [`canary over: ${release.because}`]),
  ].map((text) => ({ kind: 'release', text }));
}

function stageOf(stages: readonly DeliveryStage[], name: string): DeliveryStage | undefined {
  return stages.find((stage) => stage.name === name);
}
