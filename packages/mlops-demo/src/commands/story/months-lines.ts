/** `mlops story months`: its table and its chart. */
import { lineChart } from '../../monitor/report/line-chart.js';
import type { MonthsStory } from './months.js';

const MONTH_NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July'];

export function monthsLines({ months }: MonthsStory): string[] {
  const number = (value: number): string => value.toFixed(3).padStart(7);
  return [
    '           model of January     trained every month',
    'month         AUC    skill          AUC    skill',
    ...months.map(
      ({ january, monthly }) =>
        `${nameOf(january.from).padEnd(10)}${number(january.auc)}  ${number(january.skill)}      ${number(monthly.auc)}  ${number(monthly.skill)}`,
    ),
  ];
}

export function monthsChart({ weeks }: MonthsStory): string {
  return lineChart(
    {
      title: 'AUC week by week, February to June 2001: a model of January, and one trained every month',
      labels: weeks.map(({ january }) => january.from.slice(5)),
      lines: [
        { name: 'trained every month', values: weeks.map(({ monthly }) => monthly.auc) },
        { name: 'model of January', values: weeks.map(({ january }) => january.auc) },
      ],
      limits: [{ name: 'the gate asks for .83', value: 0.83 }],
      format: (value) => value.toFixed(2),
    },
    true,
  );
}

function nameOf(date: string): string {
  return MONTH_NAMES[Number(date.slice(5, 7)) - 1] ?? date;
}
