/** The board's own metrics. Every series exists from the start, so that a rate over it is 0 and not absent. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Risk } from './flight.js';

const CALL_RESULTS = ['ok', 'timeout', 'error', 'nonsense', 'circuit-open'] as const;
type ModelCallResult = (typeof CALL_RESULTS)[number];

const CIRCUIT_VALUES = { closed: 0, 'half-open': 0.5, open: 1 };

export interface BoardMetrics {
  riskAnswer(source: Risk['source']): void;
  /** Begins the time of one try; call the answer when the try has ended. */
  startModelCall(): (result: Exclude<ModelCallResult, 'circuit-open'>) => void;
  /** There was no try. */
  circuitWasOpen(): void;
  circuit(state: keyof typeof CIRCUIT_VALUES): void;
}

export function createBoardMetrics(registry: Registry): BoardMetrics {
  const answers = new Counter({
    name: 'flights_api_risk_answers_total',
    help: 'Departures registered, by who told their risk.',
    labelNames: ['source'],
    registers: [registry],
  });
  const calls = new Counter({
    name: 'flights_api_model_calls_total',
    help: 'Tries to reach the model server, by result.',
    labelNames: ['result'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'flights_api_model_call_duration_seconds',
    help: 'Time of one try to reach the model server.',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4],
    registers: [registry],
  });
  const circuit = new Gauge({
    name: 'flights_api_circuit_state',
    help: 'Circuit to the model server: 0 closed, 0.5 half-open, 1 open.',
    registers: [registry],
  });
  for (const source of ['model', 'base-rate']) answers.inc({ source }, 0);
  for (const result of CALL_RESULTS) calls.inc({ result }, 0);
  circuit.set(CIRCUIT_VALUES.closed);

  return {
    riskAnswer: (source) => answers.inc({ source }),
    startModelCall() {
      const stop = duration.startTimer();
      return (result) => {
        stop();
        calls.inc({ result });
      };
    },
    circuitWasOpen: () => calls.inc({ result: 'circuit-open' }),
    circuit: (state) => circuit.set(CIRCUIT_VALUES[state]),
  };
}
