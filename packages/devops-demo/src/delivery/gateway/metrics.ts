/** What each version answered, as the gateway saw it, and what the gateway had to answer for it: 502, 504. */
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Who gave the answer. */
export type Answerer = 'backend' | 'gateway';

export function countAnswers(registry: Registry): (backend: string, status: number, by: Answerer) => void {
  const answers = new Counter({
    name: 'gateway_answers_total',
    help: 'Requests by backend, class of status and who answered; by "gateway": the backend did not; backend "none": nobody could be reached.',
    labelNames: ['backend', 'status', 'by'],
    registers: [registry],
  });
  return (backend, status, by) => answers.inc({ backend, status: `${Math.floor(status / 100)}xx`, by });
}
