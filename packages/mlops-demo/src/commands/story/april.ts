/** `mlops story april`: the lines it prints. */
import type { SimulatedDay } from '../../retrain/simulate.js';
import type { WindowReport } from '../../monitor.js';

export const APRIL_HEAD = [
  '                     never seen   the January model          in production',
  'day         late     slots        AUC    skill  diagnosis    AUC    skill  model',
];

/** A line for the day, and one for each thing that happened in it. */
export function aprilLines({ date, first, production, version, events }: SimulatedDay): string[] {
  const unseen = first.quality.checks.find(({ name }) => name === 'unseen route-slots')?.value ?? 0;
  const late = first.performance.lateShare ?? 0;
  const short = first.diagnosis.state === 'drift without decay' ? 'drift only' : first.diagnosis.state;
  const line = [
    date,
    percent(late).padStart(7),
    percent(unseen).padStart(9),
    `   ${scores(first)}`,
    short.padEnd(12),
    scores(production),
    version,
  ].join('  ');
  return [
    line,
    ...events.map(({ at, because }) => `  ${at.slice(5, 10)} ${at.slice(11, 16)} UTC  ${because}`),
  ];
}

function scores({ performance }: WindowReport): string {
  const { auc, skill } = performance;
  if (auc === null || skill === null) return '  –       –  ';
  return `${auc.toFixed(3)}  ${skill.toFixed(3).padStart(6)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
