/** The monitor's findings as lines of text, for a terminal and for the README. */
import type { WindowReport } from '../../monitor.js';
import type { FalseAlarms } from '../false-alarms.js';
import type { MonitoredDays } from '../monitor-days.js';
import type { MonitorReference } from '../reference.js';

/** `2001-02-25   13 of 19   1.08    12.3 %  .851   .284  .043    42.5 %  drift without decay`. */
export function reportLines(model: string, { reference, windows }: MonitoredDays): string[] {
  const examined = `${reference.from} to ${reference.through}, AUC ${reference.auc.toFixed(3)}, skill ${reference.skill.toFixed(3)}`;
  return [
    `${model}, compared with ${examined}`,
    '',
    'window      inputs drifted  risk moved  unseen slots   AUC  skill   ECE  late share  diagnosis',
    ...windows.map(windowLine),
  ];
}

function windowLine({ from, inputs, predictions, quality, performance, diagnosis }: WindowReport): string {
  const unseen = quality.checks.find(({ name }) => name === 'unseen route-slots')?.value ?? 0;
  const three = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  return [
    from,
    `${inputs.drifted} of ${inputs.columns.length}`.padStart(15),
    (predictions?.value.toFixed(2) ?? '–').padStart(11),
    `${(unseen * 100).toFixed(1)} %`.padStart(13),
    three(performance.auc).padStart(6),
    three(performance.skill).padStart(6),
    three(performance.ece).padStart(6),
    `${((performance.lateShare ?? 0) * 100).toFixed(1)} %`.padStart(10),
    ` ${diagnosis.state}`,
  ].join(' ');
}

export function falseAlarmLines(
  reference: MonitorReference,
  months: number,
  measured: readonly FalseAlarms[],
): string[] {
  const cell = (value: number): string => value.toFixed(2).padStart(9);
  return [
    `False alarms a month of 30 windows, ${months} months of flights drawn from ${reference.from} to ${reference.through}`,
    '',
    'windows               dataset  any column  (unadjusted)  predictions  data quality  decay',
    ...measured.map((row) =>
      [
        row.windows.padEnd(20),
        cell(row.inputDrift),
        cell(row.anyColumn).padStart(11),
        cell(row.anyColumnUnadjusted).padStart(13),
        cell(row.predictionDrift).padStart(12),
        cell(row.qualityAlarm).padStart(13),
        cell(row.decay).padStart(6),
      ].join(' '),
    ),
  ];
}
