/** One diagnosis of four findings: drift is not decay, and without labels nobody knows. */
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../src/monitor.js';
import { bootstrapWindow } from '../../src/monitor/bootstrap-window.js';
import { falseAlarms } from '../../src/monitor/false-alarms.js';
import { joinWindows } from '../../src/monitor/join-windows.js';
import { referenceOf } from '../../src/monitor/reference.js';
import { htmlReport } from '../../src/monitor/report/html-report.js';
import { seedRandom } from '../../src/seeded-random.js';
import { dayOfFlights } from './facts.js';
import type { DayOptions } from './facts.js';

const REFERENCE_FACTS = joinWindows(
  [1, 2, 3].map((seed) => dayOfFlights({ day: `2001-01-${28 + seed}`, seed: seed + 100 })),
);
const REFERENCE = referenceOf(REFERENCE_FACTS);
const judge = (options: DayOptions) => judgeWindow(dayOfFlights({ seed: 7, ...options }), REFERENCE);

describe('the diagnosis of a window', () => {
  it('a day like those of the reference is steady', () => {
    const { diagnosis, inputs, quality } = judge({});
    expect(diagnosis.state).toBe('steady');
    expect(inputs.drifted).toBe(0);
    expect(quality).toMatchObject({ state: 'fine', because: 'all 4 checks hold' });
  });

  it('a storm that the model copes with is drift without decay', () => {
    const { diagnosis, inputs, performance } = judge({ storm: 15 });
    expect(diagnosis.state).toBe('drift without decay');
    expect(inputs.verdict).toBe('drift');
    expect(performance.state).toBe('good');
    expect(diagnosis.because).toMatch(
      /^1\d of 19 columns drifted \(.*\), farthest: .*; AUC 0\.\d{3}, skill 0\.\d{3}, over 4,000 landed/,
    );
  });

  it('a model that no longer knows who is late has decayed, whether the inputs moved or not', () => {
    expect(judge({ insight: 0.3 }).diagnosis.state).toBe('decay');
    const both = judge({ insight: 0.3, storm: 15 });
    expect(both.diagnosis.state).toBe('decay');
    expect(both.diagnosis.because).toContain('columns drifted');
  });

  it('while flights are in the air there is no verdict on the model, good or bad', () => {
    expect(judge({ landed: 0.9 }).diagnosis.state).toBe('labels not in yet');
    expect(judge({ landed: 0.9, insight: 0.3 }).performance.state).toBe('labels not in yet');
    expect(judge({ landed: 0.9, storm: 15 }).diagnosis.state).toBe('drift, labels not in yet');
    expect(judge({ complete: false }).diagnosis.state).toBe('labels not in yet');
  });

  it('departures in slots never seen raise the alarm before any label is in', () => {
    const { diagnosis, quality } = judge({ unseen: 0.13, landed: 0, complete: false });
    expect(quality.state).toBe('alarm');
    expect(diagnosis.state).toBe('drift, labels not in yet');
    expect(diagnosis.because).toMatch(
      /^1\d\.\d % of departures in route-slots that the timetable has never seen, 10\.0 % is the limit/,
    );
    expect(judge({ unseen: 0.09 }).quality.state).toBe('warning');
  });

  it('missing inputs and airports from nowhere are broken data, whatever the model says', () => {
    expect(judge({ missing: 0.05 }).diagnosis).toMatchObject({ state: 'broken data' });
    expect(judge({ airports: ['ATL', 'SDF', 'ORD', 'DEN', 'XXX'] }).diagnosis.state).toBe('broken data');
  });

  it('half of the usual flights is a warning: perhaps only a sample is played', () => {
    const { quality, diagnosis } = judge({ departures: 2_000 });
    expect(quality.checks.find(({ name }) => name === 'volume')).toMatchObject({ state: 'warning' });
    expect(diagnosis.state).toBe('drift without decay');
  });

  it('a handful of flights has no diagnosis', () => {
    expect(judge({ departures: 40 }).diagnosis).toEqual({
      state: 'too few flights',
      because: '40 departures; a verdict needs 500',
    });
    expect(judge({ departures: 40, missing: 0.5 }).diagnosis.state).toBe('broken data');
    const oneOdd = judge({ departures: 40, missing: 0.02 });
    expect(oneOdd.quality.checks[0]).toMatchObject({ name: 'missing inputs', state: 'fine' });
    expect(oneOdd.quality.checks[0]?.value).toBeGreaterThan(0.01);
    expect(oneOdd.diagnosis.state).toBe('too few flights');
  });
});

describe('false alarms', () => {
  it('windows drawn from the reference are hardly ever called drift or decay', () => {
    const [day, small] = falseAlarms(REFERENCE_FACTS, 1, 3);
    expect(day).toMatchObject({ inputDrift: 0, anyColumn: 0, predictionDrift: 0, decay: 0 });
    expect(small).toMatchObject({ inputDrift: 0, decay: 0 });
    // 30 windows of 18 tests at 5 %: about 18 would be called without the adjustment.
    expect(small?.anyColumnUnadjusted).toBeGreaterThan((small?.anyColumn ?? 0) + 5);
  });

  it('a drawn window is the seed’s', () => {
    const draw = (seed: number) => bootstrapWindow(REFERENCE_FACTS, 300, seedRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).risks).not.toEqual(draw(2).risks);
  });
});

describe('the report as a page', () => {
  const windows = [
    judge({}),
    judge({ day: '2001-02-02', storm: 15 }),
    judge({ day: '2001-02-03', landed: 0.5 }),
  ];
  const page = htmlReport({ model: '2001-01-31-<b>', reference: REFERENCE, windows, source: 'Made up.' });

  it('says the last diagnosis first, and every window with its reason', () => {
    expect(page).toContain('<b>2001-02-03: labels not in yet</b>');
    for (const { diagnosis } of windows) expect(page).toContain(diagnosis.state);
    expect(page).toContain('2001-01-31-&lt;b&gt;');
  });

  it('a day that is not over is told as such, and gets no colour of a verdict', () => {
    const running = judge({ day: '2001-02-04', storm: 15, landed: 0, complete: false });
    const half = htmlReport({ model: 'm', reference: REFERENCE, windows: [running], source: '' });
    expect(running.diagnosis.state).toBe('drift, labels not in yet');
    expect(half).toContain('<p class="verdict open"><b>2001-02-04 so far: drift, labels not in yet</b>');
    expect(page).not.toContain('so far');
  });

  it('on a narrow screen charts keep their width in a box that scrolls, and the numbers stay', () => {
    expect(page.match(/<div class="scroll plot"><svg/g)).toHaveLength(4);
    expect(page).toMatch(/svg\.chart\{[^}]*min-width:720px/);
    expect(page).toMatch(/@media \(max-width:600px\)\{.*\.by\{display:none\}/);
    expect(page.match(/<t[hd] class="by">/g)?.length).toBeGreaterThan(19);
  });

  it('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script|\son\w+=|url\(|@import|<link|<img/i);
    expect([...page.matchAll(/https?:[^"' ]+/g)].map(String)).toEqual(
      Array.from({ length: 4 }, () => 'http://www.w3.org/2000/svg'),
    );
  });

  it('a window without a verdict is a gap in the lines, not a zero', () => {
    expect(page).toContain('2001-02-01'.slice(5));
    expect(page).not.toContain('02-03: AUC');
    expect(page).toContain('02-02: AUC');
  });
});
