/**
 * Alertmanager's webhook, version 4: its JSON becomes Alert[].
 *
 * in: the body of a POST → out: Alert[]
 *
 * Rule: the service is the label `service`, else `job`, else 'unknown'; `severity` critical or page is critical, warning is warning, all else info.
 * When it misleads: `truncatedAlerts` above 0 means that Alertmanager left some out (max_alerts).
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import { z } from 'zod';
import type { Alert, AlertSeverity } from './alert.js';

/** Alertmanager sends groups of some ten; a thousand in one body is not one of its own. */
const MOST_ALERTS = 1_000;
const LONGEST_TEXT = 1_000;
const LONGEST_NAME = 100;

const labels = z.record(z.string(), z.string().max(4_000));
const webhookAlert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels,
  annotations: labels.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().min(1).max(200),
});

export const alertmanagerWebhook = z.looseObject({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(webhookAlert).max(MOST_ALERTS),
});

export type AlertmanagerWebhook = z.infer<typeof alertmanagerWebhook>;

export function decodeAlerts({ alerts }: AlertmanagerWebhook): Alert[] {
  return alerts.map((alert): Alert => {
    const name = alert.labels['alertname'] ?? 'alert';
    const text = alert.annotations['summary'] ?? alert.annotations['description'] ?? name;
    return {
      fingerprint: alert.fingerprint,
      source: 'alertmanager',
      service: (alert.labels['service'] ?? alert.labels['job'] ?? 'unknown').slice(0, LONGEST_NAME),
      name: name.slice(0, LONGEST_NAME),
      text: text.slice(0, LONGEST_TEXT),
      severity: severityOf(alert.labels['severity']),
      status: alert.status,
      at: Date.parse(alert.startsAt),
    };
  });
}

function severityOf(label = ''): AlertSeverity {
  if (['critical', 'page'].includes(label.toLowerCase())) return 'critical';
  return label.toLowerCase() === 'warning' ? 'warning' : 'info';
}
