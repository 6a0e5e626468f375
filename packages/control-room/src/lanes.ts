/**
 * Lanes: the three pipelines side by side, each told by the part that runs it.
 *
 * in: Hearing → out: Lane[]
 */
import { mapTold, tell } from './hearing.js';
import type { Hearing, Told } from './hearing.js';
import type { PartName } from './parts.js';
import type { Answer } from './questions.js';

export type Pipeline = Answer<'flights-api/delivery'>;
export type Stage = Pipeline['stages'][number];

export interface Lane {
  id: 'devops' | 'mlops' | 'aiops';
  title: string;
  /** What this pipeline is for, in one sentence. */
  what: string;
  /** The part whose word this is. */
  toldBy: PartName;
  /** Where the pipeline stands, in one sentence. */
  standing: string;
  stages: Told<Stage[]>;
}

const lanes = [
  {
    id: 'devops',
    title: 'DevOps',
    what: 'Brings a change of the flights API to its users, and watches what it does there.',
    toldBy: 'flights-api',
    question: 'flights-api/delivery',
  },
  {
    id: 'mlops',
    title: 'MLOps',
    what:
      'Makes a delay-risk model from recorded flights, and puts it to work only if it is good enough. ' +
      'From deploy on, the stages are live: the server tells them.',
    toldBy: 'model-server',
    question: 'model-server/pipeline',
  },
  {
    id: 'aiops',
    title: 'AIOps',
    what: 'Reads metrics and logs of the other parts, and turns what is unusual into incidents with a cause.',
    toldBy: 'aiops',
    question: 'aiops/pipeline',
  },
] as const;

/** The stage at which the MLOps pipeline begins again. Until it has a reason to, it waits, and nothing is left to do. */
const BEGINS_AGAIN = 'retrain';
/** The stages of a release. That traffic was taken back from a bad version is no failure of the stage that took it. */
const OF_A_RELEASE = ['shift-traffic', 'analyze', 'release'];

export function lanesOf(hearing: Hearing, now: number): Lane[] {
  return lanes.map(({ question, ...lane }) => {
    const pipeline = tell(hearing, question, now);
    return {
      ...lane,
      standing: standingOf(pipeline, lane.toldBy),
      stages: mapTold(pipeline, ({ stages }) => stages),
    };
  });
}

/** @example standingOf({ kind: 'fresh', value: { stages: [passed, running, waiting], … } }, 'aiops') // 'Running detect: stage 2 of 3' */
export function standingOf(pipeline: Told<Pipeline>, toldBy: PartName): string {
  if (pipeline.kind === 'missing') return `Waiting for ${toldBy}`;
  const { stages } = pipeline.value;
  const failed = stages.find(({ state }) => state === 'failed');
  if (failed !== undefined) return whatFailed(failed, stages);
  const running = stages.filter(({ state }) => state === 'running');
  const [first] = running;
  const passed = stages.filter(({ state }) => state === 'passed' || state === 'skipped').length;
  if (first !== undefined && running.length === 1) {
    return `Running ${first.name}: stage ${stages.indexOf(first) + 1} of ${stages.length}`;
  }
  if (running.length > 1) return `Running ${running.map(({ name }) => name).join(', ')}`;
  if (stages.length === 0) return 'No stages yet';
  if (passed === stages.length) return `All ${stages.length} stages done`;
  const last = stages.at(-1);
  if (passed === stages.length - 1 && last?.name === BEGINS_AGAIN && last.state === 'waiting') {
    return `All ${passed} stages done; watching for a reason to ${BEGINS_AGAIN}`;
  }
  return `${passed} of ${stages.length} stages done`;
}

/** @example whatFailed(shiftTraffic, stages) // 'Last release: 0.2.0 was taken back: at 5 %: 31 % of 70 requests failed' */
function whatFailed({ name }: Stage, stages: readonly Stage[]): string {
  const release = OF_A_RELEASE.includes(name) ? stages.find((stage) => stage.name === 'release') : undefined;
  return release === undefined ? `Failed at ${name}` : `Last release: ${release.because}`;
}
