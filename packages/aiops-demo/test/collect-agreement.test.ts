/**
 * Two sources, one answer: what the own scraper computes is what Prometheus computes from the same data.
 *
 * `TRIOPS_RECORD=1 npx vitest run test/collect-agreement.test.ts` renews the committed recording; that needs a `prometheus` on PATH.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, toSample } from '../src/collect/answers.js';
import { evaluate } from '../src/collect/evaluate.js';
import { readValue } from '../src/collect/exposition-words.js';
import { fetchText } from '../src/collect/fetch-text.js';
import { matches } from '../src/collect/matches.js';
import { createPrometheusSource } from '../src/collect/prometheus-source.js';
import { toPromql } from '../src/collect/promql.js';
import { createScrapeSource } from '../src/collect/scrape-source.js';
import type { Point, Series } from '../src/collect/samples.js';
import type { SignalSample } from '../src/signals.js';
import { prometheusVersion, record, startPrometheus } from './collect-real-prometheus.js';
import type { RunningPrometheus } from './collect-real-prometheus.js';
import { fromLines, identity, isAsScripted, storeOf, toLines } from './collect-recording.js';
import type { Recording } from './collect-recording.js';
import { JOBS, SCRAPES, startScriptedService } from './collect-scripted-services.js';

const FIXTURE = new URL('fixtures/prometheus-answers.jsonl', import.meta.url);
const TOLERANCE = 1e-9;

/** Undefined when equal, else what differs. NaN equals NaN; "no data" equals only "no data". */
function difference(ours: number | undefined, theirs: string | null): string | undefined {
  const expected = theirs === null ? undefined : readValue(theirs);
  if (Object.is(ours, expected)) return undefined;
  const near =
    ours !== undefined &&
    expected !== undefined &&
    Math.abs(ours - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  return near ? undefined : `ours ${ours}, Prometheus ${theirs ?? 'nothing'}`;
}

function answersThatDiffer(
  recording: Recording,
  select: (metric: string, job: string) => Series[],
): string[] {
  return recording.answers.flatMap(({ signal, values }) =>
    values.flatMap(([at, theirs]) => {
      const ours = evaluate(
        signal.query,
        (selector) =>
          select(selector.metric, signal.service).filter(({ labels }) => matches(labels, selector.where)),
        { at, windowMs: recording.windowMs },
      );
      const differs = difference(ours, theirs);
      return differs === undefined ? [] : [`${signal.id} at ${at}: ${differs}`];
    }),
  );
}

function agreesWithUs(recordingOf: () => Recording): void {
  test('our scraper stores the very samples that Prometheus stored', () => {
    const recording = recordingOf();
    const store = storeOf(recording);
    const stored = new Map<string, [number, string][]>();
    for (const metric of new Set(recording.raw.map(({ labels }) => labels['__name__'] ?? '')))
      for (const { labels, points } of store.select({ metric, where: {} }))
        stored.set(`${metric} ${identity(labels)}`, points.flatMap(asRecorded));
    const theirs = new Map(
      recording.raw.map(({ labels, points }) => [
        `${labels['__name__']} ${identity(new Map(Object.entries(labels)))}`,
        points.map(([at, value]): [number, string] => [at, String(readValue(value))]),
      ]),
    );
    expect(stored).toEqual(theirs);
  });

  test('every signal evaluated from our scrapes equals the answer of Prometheus to 1e-9', () => {
    const recording = recordingOf();
    const store = storeOf(recording);
    expect(answersThatDiffer(recording, (metric, job) => store.select({ metric, where: { job } }))).toEqual(
      [],
    );
  });

  test('every rate, ratio and quantile evaluated from the raw samples of Prometheus equals its answer to 1e-9', () => {
    const recording = recordingOf();
    const overTime = recording.answers.filter(({ signal }) => signal.query.kind !== 'gauge');
    const raw = (metric: string): Series[] =>
      recording.raw
        .filter(({ labels }) => labels['__name__'] === metric)
        .map(({ labels, points }) => ({
          labels: new Map(Object.entries(labels)),
          points: points.map(([at, value]) => ({ at, value: readValue(value) ?? Number.NaN })),
        }));
    expect(answersThatDiffer({ ...recording, answers: overTime }, raw)).toEqual([]);
  });
}

function asRecorded({ at, value }: Point): [number, string][] {
  return value === 'stale' ? [] : [[at, String(value)]];
}

describe('against recorded answers of Prometheus', () => {
  const recording = fromLines(readFileSync(FIXTURE, 'utf8'));

  test('the recording holds every kind of question, and every kind of answer', () => {
    const kinds = new Set(recording.answers.map(({ signal }) => signal.query.kind));
    expect([...kinds].sort()).toEqual(['gauge', 'quantile', 'rate', 'ratio']);
    const answers = recording.answers.flatMap(({ values }) => values.map(([, value]) => value));
    expect(answers.length).toBeGreaterThan(500);
    expect(answers).toEqual(expect.arrayContaining(['NaN', '+Inf', null, '0', '1']));
  });

  test('the PromQL that Prometheus answered is the PromQL that is rendered today', () => {
    for (const { signal, promql } of recording.answers)
      expect(toPromql(signal.query, recording.windowMs)).toBe(promql);
  });

  agreesWithUs(() => recording);

  describe('with the services and the API of Prometheus behind HTTP', () => {
    let api: Server;
    let apiUrl: string;

    beforeAll(async () => {
      api = createServer((request, response) => {
        const asked = new URL(request.url ?? '/', 'http://fake').searchParams;
        const at = Math.round(Number(asked.get('time')) * 1_000);
        const value = recording.answers
          .find(({ promql }) => promql === asked.get('query'))
          ?.values.find(([when]) => when === at)?.[1];
        const result = typeof value === 'string' ? [{ metric: {}, value: [at / 1_000, value] }] : [];
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    });
    afterAll(() => api.close());

    test.each(JOBS)('both sources give the same samples and reasons for %s', async (job) => {
      const service = await startScriptedService(job);
      const { windowMs } = recording;
      const signals = recording.answers
        .map(({ signal }) => signal)
        .filter((signal) => signal.service === job);
      const common = { signals, windowMs, timeoutMs: 5_000, fetchText };
      const scraper = createScrapeSource({ ...common, targets: [{ job, url: service.url }] });
      const prometheus = createPrometheusSource({ ...common, url: apiUrl });
      try {
        const [ours, theirs]: SignalSample[][] = [[], []];
        for (const at of recording.scrapedAt[job]) {
          ours?.push(...(await scraper.sample(at)));
          theirs?.push(...(await prometheus.sample(at)));
        }
        expect(ours).toHaveLength(SCRAPES * signals.length);
        expect(ours?.map(rounded)).toEqual(theirs?.map(rounded));
      } finally {
        service.close();
      }
    });
  });
});

function rounded(sample: SignalSample): SignalSample {
  return sample.value === null ? sample : { ...sample, value: Number(sample.value.toPrecision(10)) };
}

const version = prometheusVersion();
const why =
  version === undefined
    ? ' (skipped: no prometheus on PATH; Debian has it as the package prometheus)'
    : ` (prometheus ${version}${version.startsWith('2.') ? '' : '; skipped: its rate() rules are those of version 3'})`;

describe.skipIf(version?.startsWith('2.') !== true)(`against a running Prometheus${why}`, () => {
  let running: RunningPrometheus;
  let recording: Recording;

  beforeAll(async () => {
    ({ running, recording } = await recordAsScripted(version ?? ''));
    if (process.env['TRIOPS_RECORD'] === '1') writeFileSync(FIXTURE, toLines(recording));
  });
  afterAll(async () => running.stop());

  agreesWithUs(() => recording);

  test('the Prometheus source brings home what Prometheus answered', async () => {
    const { windowMs } = recording;
    for (const { signal, values } of recording.answers) {
      const source = createPrometheusSource({
        signals: [signal],
        url: running.url,
        windowMs,
        timeoutMs: 5_000,
        fetchText,
      });
      const [at, theirs] = values.at(-1) ?? [0, null];
      const [sample] = await source.sample(at);
      const answer = answerOf(theirs === null ? undefined : readValue(theirs));
      expect(sample).toEqual(toSample(signal, answer, { at, windowMs }));
    }
  });
});

/** On a busy machine a scrape can time out, and then the data are not the scripted ones: once more. */
async function recordAsScripted(
  version: string,
): Promise<{ running: RunningPrometheus; recording: Recording }> {
  const running = await startPrometheus();
  const recording = await record(running, version);
  if (isAsScripted(recording)) return { running, recording };
  await running.stop();
  const again = await startPrometheus();
  return { running: again, recording: await record(again, version) };
}
