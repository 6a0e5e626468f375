/** Inject: carries a fault scenario out on the running system, labelled: what, where, start, end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from './faults.mjs';
import type { Supervisor } from './supervise/supervisor.js';
import type { FaultRecord } from './watch/fault-outcome.js';

export interface InjectOptions {
  readonly name: string;
  readonly scenario: Scenario;
  readonly urlOf: (part: Scenario['where']) => string;
  readonly token: string;
  readonly supervisor: Pick<Supervisor, 'kill' | 'startAgain'>;
  readonly signal: AbortSignal;
  readonly onChange: (text: string, record: FaultRecord) => void;
}

/** Resolves when the fault has ended, or the signal stopped the run; throws when it could not be injected. */
export async function injectFault(options: InjectOptions): Promise<void> {
  const { name, scenario, signal, supervisor, onChange } = options;
  const { where, what, expect, startsAtSeconds, lastsSeconds, action } = scenario;
  if (!(await waited(startsAtSeconds, signal))) return;

  const record = { name, where, startedAt: new Date().toISOString(), endedAt: null };
  if (action.kind === 'kill') await supervisor.kill(where);
  else await orderFault(options, action.order);
  onChange(`${name} begins in ${where}: ${what}. Expected: ${expect}`, record);

  if (!(await waited(lastsSeconds, signal))) return;
  const endedAt = new Date().toISOString();
  onChange(`${name} ends in ${where}${action.kind === 'kill' ? ': it is started again' : ''}`, {
    ...record,
    endedAt,
  });
  if (action.kind === 'kill') await supervisor.startAgain(where);
}

async function orderFault({ urlOf, token, scenario }: InjectOptions, order: object): Promise<void> {
  const response = await fetch(`${urlOf(scenario.where)}/v1/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`the fault could not be injected into ${scenario.where}: ${response.status} ${text}`);
  }
}

async function waited(seconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(seconds * 1_000, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
