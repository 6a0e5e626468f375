/** What each version answered, as the gateway saw it. */
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export function countAnswers(registry: Registry): (backend: string, status: number) => void {
  const answers = new Counter({
    name: 'gateway_answers_total',
    help: 'Requests by who answered them and with which class of status; backend "none": nobody could be reached.',
    labelNames: ['backend', 'status'],
    registers: [registry],
  });
  return (backend, status) => answers.inc({ backend, status: `${Math.floor(status / 100)}xx` });
}
