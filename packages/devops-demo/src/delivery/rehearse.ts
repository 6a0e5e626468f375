/**
 * Rehearse: the old version's requests, on the new version's schema, before anybody is there to see it.
 *
 * in: what the probes were answered → out: undefined when all is well, or why the release is refused
 *
 * Rule: in a database of its own the old version runs; the new one starts beside it and migrates; the old one is asked all the
 * while and afterwards, and the new one too. One answer of 5xx, or one slower than a second, refuses the release.
 * When it misleads: the rehearsal's tables are small. A migration that is quick there may lock for long where there are millions of rows.
 * Source: J. Humble and D. Farley, Continuous Delivery (2010), chapter 12 "Managing Data".
 *
 *   judgeRehearsal([{ asked: 'old', probe: 'GET /v1/flights', status: 500, seconds: 0.01 }])
 *   // 'on the new schema the old version answers 500 to GET /v1/flights (1 of 1 probes failed)'
 */
export interface ProbeAnswer {
  /** Which version was asked. */
  readonly asked: 'old' | 'new';
  readonly probe: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly seconds: number;
}

/** The board's own objective for 95 of 100 is half of it (slo.ts). */
const SLOWEST_SECONDS = 1;

export function judgeRehearsal(answers: readonly ProbeAnswer[]): string | undefined {
  const failed = answers.filter(({ status }) => status === 0 || status >= 500);
  const [first] = failed;
  if (first !== undefined) {
    const what = first.status === 0 ? 'does not answer' : `answers ${first.status} to`;
    const count = `${failed.length} of ${answers.length} probes failed`;
    return `on the new schema the ${first.asked} version ${what} ${first.probe} (${count})`;
  }
  const slow = answers.find(({ seconds }) => seconds > SLOWEST_SECONDS);
  if (slow === undefined) return undefined;
  return `while it migrates the ${slow.asked} version takes ${slow.seconds.toFixed(1)} s for ${slow.probe}`;
}

export interface Probe {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
}

/** Every kind of request that reads or writes the schema, for one flight of that number. */
export function probes(number: number): Probe[] {
  const flightId = `REHEARSAL-${number}`;
  const departure = {
    flightId,
    origin: 'ATL',
    destination: 'SAV',
    departedAt: '2001-02-01T08:15:00-05:00',
    distanceMiles: 215,
  };
  const outcome = { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' };
  return [
    { method: 'POST', path: '/v1/flights', body: departure },
    { method: 'GET', path: `/v1/flights/${flightId}` },
    { method: 'PUT', path: `/v1/flights/${flightId}/outcome`, body: outcome },
    { method: 'GET', path: '/v1/flights?origin=ATL&limit=20' },
    { method: 'GET', path: '/v1/flights?status=landed&degraded=true' },
    { method: 'GET', path: '/v1/feed?limit=10' },
    { method: 'GET', path: '/v1/stats' },
  ];
}
