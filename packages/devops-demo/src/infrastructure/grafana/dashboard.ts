/**
 * Grafana dashboards as code: the JSON that Grafana's provisioning reads.
 *
 * in: Dashboard → out: Grafana's dashboard model
 *
 * Rule: two panels in a row, read from left to right; every panel has a description; the data source is the provisioned one.
 * Source: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
import type { Dashboard, Panel } from './panel.js';

/** Of Grafana's grid, 24 columns wide. */
const WIDTH = 12;
const HEIGHT = 8;
const SCHEMA_VERSION = 39;
export const DATA_SOURCE = { type: 'prometheus', uid: 'prometheus' } as const;

export function dashboardJson({ uid, title, panels }: Dashboard): object {
  return {
    uid,
    title,
    tags: ['triops'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    refresh: '5s',
    time: { from: 'now-15m', to: 'now' },
    panels: panels.map(panelJson),
  };
}

function panelJson({ title, description, unit, queries, limit }: Panel, index: number): object {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    datasource: DATA_SOURCE,
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: {
          lineWidth: 1,
          fillOpacity: 10,
          ...(limit === undefined ? {} : { thresholdsStyle: { mode: 'line' } }),
        },
        ...(limit === undefined ? {} : { thresholds: thresholds(limit) }),
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: queries.map(({ promql, legend }, at) => ({
      refId: String.fromCodePoint('A'.charCodeAt(0) + at),
      datasource: DATA_SOURCE,
      expr: promql,
      legendFormat: legend,
    })),
  };
}

function thresholds(limit: number): object {
  const steps = [
    { color: 'transparent', value: null },
    { color: 'red', value: limit },
  ];
  return { mode: 'absolute', steps };
}
