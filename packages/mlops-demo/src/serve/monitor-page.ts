/**
 * Monitor page: the live monitor as a page to read (GET /v1/monitor/report).
 *
 * in:  what serves now → out: the page of monitor/report/html-report.ts, or one that says why there is nothing to see yet
 */
import { htmlReport } from '../monitor/report/html-report.js';
import type { Serving } from './serving.js';

export function monitorPage(serving: Serving | undefined): string {
  if (serving === undefined) return waiting('No model is served yet.');
  const { manifest, monitor } = serving;
  const { reference } = monitor.windows;
  if (reference === undefined)
    return waiting(`${manifest.version} serves; the days that examined it are being replayed.`);
  const windows = monitor.windows.reports();
  const source = 'Flights as this server has judged them, by the flights’ own clock.';
  return htmlReport({ model: manifest.version, reference, windows, source });
}

function waiting(because: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Monitor</title><p>${because}</p></html>\n`;
}
