/** What the fake board says of its releases, and the fake aiops of its forecasts and its data. */
import type { Phase } from './fake-world.js';

const HOUR_MS = 3_600_000;

/** Three deployments: one of the day before yesterday, one rolled back, one promoted. */
export function dora(phase: Phase, now: number): object {
  const at = (hours: number) => new Date(now - hours * HOUR_MS).toISOString();
  const from = at(60);
  if (phase === 'training') {
    const nothing = { secondsBetweenDeployments: null, leadTimeSeconds: null, recoverySeconds: null };
    const window = { from, to: at(0) };
    return {
      window,
      deploymentsPerDay: 0,
      ...nothing,
      changeFailRate: null,
      recovered: 0,
      stillFailing: 0,
      deployments: [],
    };
  }
  const change = (hours: number) => ({ commit: '70edfdc', committedAt: at(hours) });
  const about = { failures: [], changes: [change(55)] };
  const rolledBack = { failedAt: new Date(now - 3 * HOUR_MS - 42_000).toISOString(), recoveredAt: at(3) };
  return {
    window: { from, to: at(0) },
    deploymentsPerDay: 1.2,
    secondsBetweenDeployments: 25.5 * 3_600,
    leadTimeSeconds: 4.2 * 3_600,
    changeFailRate: 1 / 3,
    recoverySeconds: 42,
    recovered: 1,
    stillFailing: 0,
    deployments: [
      {
        ...about,
        subject: 'flights-api 0.1.0',
        startedAt: at(52.1),
        endedAt: at(52),
        outcome: 'promoted',
        because: 'pass at 50 %: 2,410 requests, success and latency as before',
      },
      {
        ...about,
        subject: 'flights-api 0.2.0',
        startedAt: at(3.1),
        endedAt: at(3),
        outcome: 'rolled-back',
        ...rolledBack,
        failures: [rolledBack],
        because: 'fail at 5 %: p99 latency 412 ms against 31 ms',
      },
      {
        ...about,
        subject: 'flights-api 0.2.1',
        startedAt: at(1.1),
        endedAt: at(1),
        outcome: 'promoted',
        because: 'pass at 50 %: 2,398 requests, success and latency as before',
      },
    ],
  };
}

/** The budget for latency is not known while nothing is measured, and empty while the model server is slow. */
export function serviceLevel(phase: Phase): object {
  const requests = phase === 'training' ? 240 : 41_800;
  const slow = phase === 'incident' ? 2_926 : 293;
  const known = phase !== 'training';
  const budget = (objective: string, target: number, spent: number) => {
    const allowed = Math.round((1 - target) * requests);
    const remaining = known ? 1 - spent / allowed : null;
    const state = remaining === null ? 'unknown' : remaining > 0 ? 'left' : 'empty';
    return { objective, target, requests, allowed, spent, remaining, state };
  };
  const burning = phase === 'incident';
  const rates = (objective: string, fastest: number) =>
    [
      { longSeconds: 3_600, shortSeconds: 300, factor: 14.4, severity: 'page', long: fastest },
      { longSeconds: 21_600, shortSeconds: 1_800, factor: 6, severity: 'page', long: fastest / 4 },
      { longSeconds: 259_200, shortSeconds: 21_600, factor: 1, severity: 'ticket', long: fastest / 32 },
    ].map((rate) => ({ ...rate, objective, short: rate.long, tooFast: rate.long > rate.factor }));
  return {
    objectives: {
      successRatio: 0.995,
      p95Seconds: 0.5,
      inTimeRatio: 0.95,
      windowSeconds: 300,
      leastRequests: 50,
    },
    periodSeconds: 2_592_000,
    budgets: [budget('success', 0.995, known ? 40 : 0), budget('latency', 0.95, known ? slow : 0)],
    burnRates: [...rates('success', 0.2), ...rates('latency', burning ? 18.4 : 0.14)],
    frozen: burning,
    because: 'one sentence for each budget',
  };
}

const watched = ['flights-api', 'model-server', 'replay', 'aiops'].flatMap((service) => [
  {
    signalId: `${service}/event-loop-lag`,
    service,
    title: 'Event-loop lag, 99th percentile',
    unit: 's',
    limit: 1,
  },
  { signalId: `${service}/resident-memory`, service, title: 'Resident memory', unit: 'bytes', limit: 512e6 },
]);

export function forecasts(phase: Phase, now: number): object[] {
  const madeAt = new Date(now).toISOString();
  return watched.map((resource) => {
    if (phase === 'training') {
      const because = '6 values are too few to see a trend, 20 are needed';
      return { ...resource, madeAt, probability: null, when: null, because };
    }
    const leaks = phase === 'incident' && resource.signalId === 'model-server/resident-memory';
    if (!leaks) {
      const because = 'reaches its limit in the next 10 minutes with probability 0.00: it hardly moves';
      return { ...resource, madeAt, probability: 0, when: null, because };
    }
    const [earliest = '', middle = '', latest = ''] = [200, 300, 410].map((seconds) =>
      new Date(now + seconds * 1_000).toISOString(),
    );
    const because = `reaches 512 MB between ${earliest} and ${latest} with probability 0.93: 930 of 1000 paths rise to it`;
    return { ...resource, madeAt, probability: 0.93, when: { earliest, middle, latest }, because };
  });
}

export function quality(phase: Phase, now: number): object {
  if (phase === 'training') {
    const unjudged = watched.map(({ signalId }) => ({ signalId, because: 'no value yet' }));
    return { findings: [], notJudged: unjudged };
  }
  if (phase !== 'incident') return { findings: [], notJudged: [] };
  const since = new Date(now - 20_000).toISOString();
  const because = 'it answers the very same text again and again';
  const reason = `not judged: stale-target of model-server: ${because}`;
  const finding = { kind: 'stale-target', source: 'model-server', since, lastSeenAt: since, because };
  return {
    findings: [{ ...finding, notJudged: 'everything model-server measures' }],
    notJudged: ['request-rate', 'event-loop-lag', 'resident-memory'].map((what) => ({
      signalId: `model-server/${what}`,
      because: reason,
    })),
  };
}

/** One attempt of the model server that has become production. */
export function retraining(): object {
  const steps = [
    { at: '2001-04-01T15:42:00.000Z', to: 'training', because: 'drift that matters: 12.6 % of departures' },
    { at: '2001-04-01T21:00:00.000Z', to: 'shadow', because: 'all checks hold' },
    { at: '2001-04-02T01:02:00.000Z', to: 'canary', because: 'as good as the champion' },
    { at: '2001-04-02T05:36:00.000Z', to: 'promoted', because: 'as good as the champion' },
  ];
  return { phase: { name: 'idle' }, attempts: [{ version: '2001-03-31-2c7239e5', steps }] };
}
