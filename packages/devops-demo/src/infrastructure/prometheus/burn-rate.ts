/**
 * Burn rate: how many times faster than allowed a service spends its error budget.
 *
 * in: Objectives → out: a Prometheus rule file, recording rules and alerts
 *
 * Rule: burn rate = share of bad requests / (1 - objective). An alert fires while the burn rate is above its factor over a long
 * window (enough budget is gone to matter) and over a short one, a twelfth of it (it is still going on, so the alert ends soon after).
 * Long windows are averaged from recorded five-minute rates, weighted by traffic: three days of two-second samples would be read
 * anew at each evaluation otherwise.
 * When it misleads: a service with little traffic burns its budget with one failure, so below a least number of requests nothing
 * fires. A recorded rate lags its samples by up to five minutes.
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 5, table 5-8, for objectives over 30 days.
 */
import type { Objectives } from '../../delivery/slo.js';
import { BURN_WINDOWS, factorOf } from '../../delivery/slo/burn-rate.js';
import type { BurnWindow } from '../../delivery/slo/burn-rate.js';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly Rule[];
  }[];
}

/** One objective as good and bad requests. */
interface Indicator {
  readonly name: 'failure' | 'slow';
  readonly alert: string;
  readonly objective: number;
  readonly says: string;
}

/** Recording more often would not make a five-minute rate newer by much. */
const EVERY_SECONDS = 30;
/** `observe.ts` judges the 95th percentile: 95 of 100 requests are answered in time. */
const IN_TIME = 0.95;
const BOARD = 'job="flights-api",http_route=~"/v1/flights(/.*)?"';
const REQUESTS = 'job:board_requests:rate5m';

/** rangeOf(0.5) // '30m', rangeOf(72) // '3d' */
export function rangeOf(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)}m`;
  return hours >= 24 ? `${hours / 24}d` : `${hours}h`;
}

export function burnRateRules(objectives: Objectives): RuleFile {
  const indicators = indicatorsOf(objectives);
  const windows = [
    ...new Set(
      BURN_WINDOWS.flatMap(({ longHours, shortHours }) => [rangeOf(shortHours), rangeOf(longHours)]),
    ),
  ];
  const interval = `${EVERY_SECONDS}s`;
  return {
    groups: [
      { name: 'board-rates', interval, rules: rateRules(objectives) },
      {
        name: 'board-ratios',
        interval,
        rules: indicators.flatMap(({ name }) => windows.map((window) => ratioRule(name, window))),
      },
      {
        name: 'board-budgets',
        interval,
        rules: indicators.flatMap((indicator) =>
          BURN_WINDOWS.map((window) => burnRateAlert(indicator, window, objectives.leastRequests)),
        ),
      },
    ],
  };
}

function indicatorsOf({ successRatio, p95Seconds }: Objectives): Indicator[] {
  return [
    { name: 'failure', alert: 'BoardErrorBudgetBurn', objective: successRatio, says: 'requests fail' },
    {
      name: 'slow',
      alert: 'BoardLatencyBudgetBurn',
      objective: IN_TIME,
      says: `requests take longer than ${p95Seconds} s`,
    },
  ];
}

function rateRules({ p95Seconds }: Objectives): Rule[] {
  const rate = (series: string, labels = '') =>
    `sum by (job) (rate(http_server_request_duration_seconds_${series}{${BOARD}${labels}}[5m]))`;
  return [
    { record: REQUESTS, expr: rate('count') },
    // No answer with 5xx yet means no such series: zero, not unknown.
    {
      record: 'job:board_failure:rate5m',
      expr: `${rate('count', ',http_response_status_code=~"5..|499"')} or 0 * ${REQUESTS}`,
    },
    { record: 'job:board_slow:rate5m', expr: `${REQUESTS} - ${rate('bucket', `,le="${p95Seconds}"`)}` },
  ];
}

const ratioName = (name: Indicator['name'], window: string) => `job:board_${name}:ratio${window}`;

function ratioRule(name: Indicator['name'], window: string): Rule {
  const bad = `job:board_${name}:rate5m`;
  const over = (series: string) => (window === '5m' ? series : `sum_over_time(${series}[${window}])`);
  return { record: ratioName(name, window), expr: `${over(bad)} / ${over(REQUESTS)}` };
}

function burnRateAlert({ name, alert, objective, says }: Indicator, window: BurnWindow, least: number): Rule {
  const { severity, budgetShare } = window;
  const [long, short] = [rangeOf(window.longHours), rangeOf(window.shortHours)];
  const limit = Number((factorOf(window) * (1 - objective)).toFixed(6));
  const percent = Number((budgetShare * 100).toFixed(6));
  return {
    alert,
    expr: [
      `${ratioName(name, long)} > ${limit}`,
      `and ${ratioName(name, short)} > ${limit}`,
      `and sum_over_time(${REQUESTS}[${long}]) * ${EVERY_SECONDS} >= ${least}`,
    ].join('\n'),
    labels: { severity, window: long },
    annotations: {
      summary: `{{ $value | humanizePercentage }} of ${says} (objective: at most ${Number(((1 - objective) * 100).toFixed(6))} %)`,
      description: `Over ${long} and over ${short}: fast enough to spend ${percent} % of a month's error budget in ${long}.`,
    },
  };
}
