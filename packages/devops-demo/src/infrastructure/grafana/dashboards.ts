/** The three dashboards: what passengers get, what each service uses, what the models and AIOps say. */
import { OBJECTIVES } from '../../delivery/slo.js';
import { query } from './panel.js';
import type { Dashboard } from './panel.js';

const SECONDS = 'http_server_request_duration_seconds';
const BOARD = 'job="flights-api",http_route=~"/v1/flights(/.*)?"';
/** Short enough to see a fault begin, long enough to hold thirty scrapes. */
const OVER = '[1m]';

const boardQuantile = (share: number) =>
  query(
    `histogram_quantile(${share}, sum by (le) (rate(${SECONDS}_bucket{${BOARD}}${OVER})))`,
    `p${share * 100}`,
  );

export const DASHBOARDS: readonly Dashboard[] = [
  {
    uid: 'triops-board',
    title: 'Triops: the departures board',
    panels: [
      {
        title: 'Requests',
        description: 'Requests to the board by route. Falls to zero when the replay stops.',
        unit: 'reqps',
        queries: [query(`sum by (http_route) (rate(${SECONDS}_count{${BOARD}}${OVER}))`, '{{http_route}}')],
      },
      {
        title: 'Failures',
        description:
          'Share of requests answered with 5xx or given up by the client; the line is the objective.',
        unit: 'percentunit',
        limit: Number((1 - OBJECTIVES.successRatio).toFixed(6)),
        queries: [query('job:board_failure:ratio5m', '5 min'), query('job:board_failure:ratio1h', '1 h')],
      },
      {
        title: 'Latency',
        description:
          'Half, 95 and 99 of 100 requests are faster than this; the line is the objective of the second.',
        unit: 's',
        limit: OBJECTIVES.p95Seconds,
        queries: [0.5, 0.95, 0.99].map(boardQuantile),
      },
      {
        title: 'Error budget burn',
        description:
          'How many times faster than allowed the budget is spent. Above 14.4 over an hour somebody is woken.',
        unit: 'short',
        limit: 14.4,
        queries: ['5m', '1h', '6h'].map((window) =>
          query(
            `job:board_failure:ratio${window} / ${Number((1 - OBJECTIVES.successRatio).toFixed(6))}`,
            window,
          ),
        ),
      },
      {
        title: 'Who told the risk',
        description:
          'Departures by the source of their risk. base-rate means that the model server did not answer in time.',
        unit: 'cps',
        queries: [query(`sum by (source) (rate(flights_api_risk_answers_total${OVER}))`, '{{source}}')],
      },
      {
        title: 'Calls to the model',
        description:
          'Tries by result. circuit-open was not tried at all, so that a silent model server costs no time.',
        unit: 'cps',
        queries: [query(`sum by (result) (rate(flights_api_model_calls_total${OVER}))`, '{{result}}')],
      },
      {
        title: 'Gateway: requests by slot',
        description: 'What each slot answered. During a release the canary has its share.',
        unit: 'reqps',
        queries: [
          query(
            `sum by (server) (rate(haproxy_server_http_responses_total{proxy="board"}${OVER}))`,
            '{{server}}',
          ),
        ],
      },
      {
        title: 'Gateway: weights and health',
        description: 'The weight of each slot, and how many slots pass their health check.',
        unit: 'short',
        queries: [
          query('haproxy_server_weight{proxy="board"}', 'weight of {{server}}'),
          query('haproxy_backend_active_servers{proxy="board"}', 'healthy slots'),
        ],
      },
    ],
  },
  {
    uid: 'triops-services',
    title: 'Triops: the services',
    panels: [
      {
        title: 'Answering',
        description: 'One: Prometheus could scrape it.',
        unit: 'short',
        queries: [query('up', '{{job}} {{slot}}')],
      },
      {
        title: 'Versions',
        description: 'Which build runs where. Two of one service are a release on its way.',
        unit: 'short',
        queries: [
          query(
            'count by (service, version, commit) (triops_build_info)',
            '{{service}} {{version}} {{commit}}',
          ),
        ],
      },
      {
        title: 'Memory',
        description:
          'Resident memory. A line that only rises is a leak; the containers have limits of 96 to 256 MiB.',
        unit: 'bytes',
        queries: [query('process_resident_memory_bytes', '{{job}} {{slot}}')],
      },
      {
        title: 'Processor',
        description: 'Share of one processor.',
        unit: 'percentunit',
        queries: [query(`rate(process_cpu_seconds_total${OVER})`, '{{job}} {{slot}}')],
      },
      {
        title: 'Event loop lag',
        description: 'How late timers fire, 99 of 100. What delays them delays every request.',
        unit: 's',
        queries: [query('nodejs_eventloop_lag_p99_seconds', '{{job}} {{slot}}')],
      },
      {
        title: 'Requests being handled',
        description: 'Rises when something that the requests wait for is slow.',
        unit: 'short',
        queries: [query('http_server_active_requests', '{{job}} {{slot}}')],
      },
    ],
  },
  {
    uid: 'triops-intelligence',
    title: 'Triops: the model and AIOps',
    panels: [
      {
        title: 'Predictions',
        description: 'Predictions by the model server.',
        unit: 'cps',
        queries: [query(`sum(rate(model_server_predictions_total${OVER}))`, 'predictions')],
      },
      {
        title: 'Drift of the predicted risks',
        description:
          'Population stability index of the risks against the test flights: below 0.1 unchanged, above 0.25 a large shift.',
        unit: 'short',
        limit: 0.25,
        queries: [query('model_server_drift_psi', 'PSI')],
      },
      {
        title: 'Lag of the feed',
        description: 'How old the newest event is that the model server has learned of.',
        unit: 's',
        queries: [query('model_server_feed_lag_seconds', 'feed')],
      },
      {
        title: 'Flights replayed',
        description: 'Departures and landings that the replay sent, and those that did not arrive.',
        unit: 'cps',
        queries: [
          query(`rate(replay_flights_total${OVER})`, 'departures'),
          query(`rate(replay_outcomes_total${OVER})`, 'landings'),
          query(`sum(rate(replay_failures_total${OVER}))`, 'failures'),
        ],
      },
      {
        title: 'Incidents open',
        description: 'What aiops-demo made of the signals.',
        unit: 'short',
        queries: [query('aiops_incidents_open', 'open')],
      },
      {
        title: 'Log lines and templates',
        description:
          'Lines taken in, and how many kinds of lines there are. A new kind after a release is worth a look.',
        unit: 'short',
        queries: [
          query(`sum(rate(aiops_log_lines_total${OVER}))`, 'lines a second'),
          query('aiops_log_templates', 'templates'),
        ],
      },
      {
        title: 'Alerts firing',
        description: 'By name, as Prometheus sees them; Alertmanager tells aiops-demo.',
        unit: 'short',
        queries: [query('count by (alertname) (ALERTS{alertstate="firing"}) or vector(0)', '{{alertname}}')],
      },
      {
        title: 'Messages to aiops-demo',
        description: 'What Alertmanager sent, and what did not arrive.',
        unit: 'cps',
        queries: [
          query(`sum(rate(alertmanager_notifications_total{integration="webhook"}${OVER}))`, 'sent'),
          query(`sum(rate(alertmanager_notifications_failed_total{integration="webhook"}${OVER}))`, 'failed'),
        ],
      },
    ],
  },
];
