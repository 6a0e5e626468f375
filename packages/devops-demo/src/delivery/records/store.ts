/**
 * The delivery's records as a running instance reads and writes them: the audit log for DORA, its own requests for the error budget.
 */
import type { Registry } from 'prom-client';
import { messageOf } from 'service-chassis/reason-of';
import type { AuditEntry } from '../audit.js';
import { openAuditLog } from '../audit/store.js';
import { dora, doraWindow } from '../dora.js';
import type { Dora } from '../dora.js';
import { showDora } from '../dora/metrics.js';
import { OBJECTIVES } from '../slo.js';
import { watchSlo } from '../slo/metrics.js';
import type { SloWatch } from '../slo/metrics.js';
import { openTallyLog, tallyLogInMemory } from '../slo/store.js';
import type { TallyLog } from '../slo/store.js';

/** Scrapers and the control room ask every two seconds; the log grows by a few lines an hour. */
const DORA_AGE_MS = 2_000;

export interface DeliveryRecords {
  dora: () => Promise<Dora>;
  slo: SloWatch['report'];
  stop: SloWatch['stop'];
}

export interface RecordsOptions {
  /** Undefined: nothing is kept, as in tests. */
  stateDir: string | undefined;
  registry: Registry;
  warn: (sentence: string) => void;
}

export function openRecords({ stateDir, registry, warn }: RecordsOptions): DeliveryRecords {
  const slo = watchSlo({ registry, log: tallyLog(stateDir, warn), objectives: OBJECTIVES, warn });
  let known: { at: number; measures: Promise<Dora> } | undefined;

  async function read(): Promise<Dora> {
    const entries: readonly AuditEntry[] =
      stateDir === undefined ? [] : await openAuditLog(stateDir).entries();
    return dora(entries, doraWindow(entries, new Date()));
  }

  async function measures(): Promise<Dora> {
    if (known === undefined || Date.now() - known.at > DORA_AGE_MS)
      known = { at: Date.now(), measures: read() };
    return known.measures;
  }

  showDora(registry, measures);
  return { dora: measures, slo: slo.report, stop: slo.stop };
}

function tallyLog(stateDir: string | undefined, warn: RecordsOptions['warn']): TallyLog {
  if (stateDir === undefined) return tallyLogInMemory();
  try {
    return openTallyLog(stateDir, new Date());
  } catch (error) {
    warn(`the error budget ends with this process: ${messageOf(error)}`);
    return tallyLogInMemory();
  }
}
