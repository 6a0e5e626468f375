/** Metrics (shell): who watches, and how the parts answer. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { partNames } from './parts.js';
import type { PartName } from './parts.js';

export interface RoomMetrics {
  recordReply(part: PartName, kind: 'answered' | 'failed'): void;
  recordSkipped(viewers: number): void;
}

export function roomMetrics(registry: Registry, viewers: () => number): RoomMetrics {
  const watching: Gauge = new Gauge({
    name: 'control_room_viewers',
    help: 'Browsers that watch now.',
    registers: [],
    collect: () => watching.set(viewers()),
  });
  registry.registerMetric(watching);
  const skipped = new Counter({
    name: 'control_room_skipped_updates_total',
    help: 'Updates not sent to a browser that still had earlier ones to take.',
    registers: [registry],
  });
  const replies = new Counter({
    name: 'control_room_questions_total',
    help: 'Questions to the parts, by part and by whether anything came back.',
    labelNames: ['part', 'result'],
    registers: [registry],
  });
  for (const part of partNames) {
    for (const result of ['answered', 'failed']) replies.inc({ part, result }, 0);
  }
  return {
    recordReply: (part, result) => replies.inc({ part, result }),
    recordSkipped: (count) => skipped.inc(count),
  };
}
