/** Summary text: the summary for a person, a few lines. */
import type { FaultOutcome } from './fault-outcome.js';
import type { Summary } from './summary.js';

export function summaryText(summary: Summary): string {
  const { ok, exitReasons, startupSeconds, p95LatencyMs, incidents } = summary;
  const rows: [string, string][] = [
    ['flights replayed', `${summary.flightsReplayed} (to ${summary.simulatedTime ?? 'nowhere'})`],
    ['predictions', `${summary.predictionsServed}, ${summary.degradedAnswers} answers from the base rate`],
    ['p95 latency', p95LatencyMs === null ? 'unknown' : `${p95LatencyMs} ms`],
    ['log lines', `${summary.logLinesClustered}`],
    ['anomalies', `${summary.anomalies}`],
    [
      'incidents',
      incidents.map(({ title, state, firstCause }) => `${title} (${state}; ${firstCause})`).join(', ') ||
        'none',
    ],
    ...summary.faults.map((fault): [string, string] => ['fault', faultText(fault)]),
    ['model', summary.modelVersion ?? 'none'],
    ...storyOf(summary),
    ['start-up', startupSeconds === null ? 'flights never flowed' : `${startupSeconds} s`],
    ['peak memory', `${summary.peakMemoryMb} MB in all processes together`],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(18)}${value}`);
  const verdict = ok ? ['All was well.'] : ['Not well:', ...exitReasons.map((reason) => `  - ${reason}`)];
  return `\n${[...lines, '', ...verdict].join('\n')}\n`;
}

/** Only where another model was tried: a day in which nothing happened is told by its model's name. */
function storyOf({ modelDays, attempts }: Summary): [string, string][] {
  if (attempts.length === 0) return [];
  const days = modelDays.flatMap(({ day, version, landed, auc, skill }): [string, string][] => {
    // A model saw the last minutes of this day, or its first.
    if (auc === null || skill === null) return [];
    const scores = `AUC ${auc.toFixed(3)}  skill ${skill.toFixed(3).padStart(6)}`;
    return [[day, `${scores}  ${landed.toLocaleString('en-US').padStart(6)} landed  ${version}`]];
  });
  const steps = attempts.flatMap(({ version = '', steps = [] }, index) =>
    steps.map(({ at, to }): [string, string] => {
      const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
      return [`attempt ${index + 1}`, `${when}  ${to} ${to === 'training' ? '' : version}`.trimEnd()];
    }),
  );
  return [...days, ...steps];
}

function faultText(fault: FaultOutcome): string {
  const { noticedAfterSeconds, namedFirst, closedAfterSeconds } = fault;
  const label = `${fault.name} in ${fault.where}`;
  if (noticedAfterSeconds === null) return `${label}: not noticed`;
  const closed =
    closedAfterSeconds === null ? 'still open' : `incident closed ${closedAfterSeconds} s after the fault`;
  return `${label}: noticed after ${noticedAfterSeconds} s, first suspect ${namedFirst ?? 'unknown'}, ${closed}`;
}
