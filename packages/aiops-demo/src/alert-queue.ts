/** Alerts between two evaluations: a bounded queue. What has no room is refused whole; Alertmanager sends it again. */
import type { Alert } from './correlate/alert.js';

/** Two full webhooks in 2 s: each alert is held against every open incident. */
const MOST_ALERTS = 2_000;

export interface AlertQueue {
  /** False when there is no room for all of them. */
  offer(alerts: readonly Alert[]): boolean;
  /** Everything that waits; the queue is empty then. */
  take(): Alert[];
}

export function createAlertQueue(): AlertQueue {
  let waiting: Alert[] = [];
  return {
    offer(alerts) {
      if (waiting.length + alerts.length > MOST_ALERTS) return false;
      waiting = waiting.concat(alerts);
      return true;
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
