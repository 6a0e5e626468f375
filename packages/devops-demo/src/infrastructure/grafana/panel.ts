/** A panel of a dashboard: one question, its queries, and how the answer is read. */
export interface Query {
  readonly promql: string;
  /** Name of each line; `{{label}}` is replaced. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What a person learns from it, and what is good. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: 'reqps' | 's' | 'percentunit' | 'bytes' | 'short' | 'cps';
  readonly queries: readonly Query[];
  /** A line that should not be crossed. */
  readonly limit?: number;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

export function query(promql: string, legend: string): Query {
  return { promql, legend };
}
