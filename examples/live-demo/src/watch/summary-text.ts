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
    ['start-up', startupSeconds === null ? 'flights never flowed' : `${startupSeconds} s`],
    ['peak memory', `${summary.peakMemoryMb} MB in all processes together`],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(18)}${value}`);
  const verdict = ok ? ['All was well.'] : ['Not well:', ...exitReasons.map((reason) => `  - ${reason}`)];
  return `\n${[...lines, '', ...verdict].join('\n')}\n`;
}

function faultText(fault: FaultOutcome): string {
  const { noticedAfterSeconds, namedFirst, closedAfterSeconds } = fault;
  const label = `${fault.name} in ${fault.where}`;
  if (noticedAfterSeconds === null) return `${label}: not noticed`;
  const closed =
    closedAfterSeconds === null ? 'still open' : `incident closed ${closedAfterSeconds} s after the fault`;
  return `${label}: noticed after ${noticedAfterSeconds} s, first suspect ${namedFirst ?? 'unknown'}, ${closed}`;
}
