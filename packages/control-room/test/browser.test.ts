/**
 * The page in a real browser, against fake parts: what people see, on a phone and a desktop, in light and dark.
 * Leaves screenshots in reports/screenshots/.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFakeSystem } from './fake-system.js';
import type { FakeSystem } from './fake-system.js';
import { findChromium, quietFlags } from './find-chromium.js';

const executablePath = findChromium();
const screenshots = fileURLToPath(new URL('../reports/screenshots/', import.meta.url));
/** Five full-page pictures on a machine that is busy with other tests. */
const WHOLE_STORY_MS = 60_000;
const devices = { phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } };

describe('the page in Chromium', () => {
  let browser: Browser;
  let system: FakeSystem;
  let page: Page;
  /** What a visitor with open developer tools would frown at. */
  let complaints: string[];

  beforeAll(async () => {
    if (executablePath === undefined) return undefined;
    browser = await chromium.launch({ executablePath, headless: true, args: quietFlags });
    return async () => browser.close();
  });
  beforeEach(({ skip }) => {
    skip(executablePath === undefined, 'no Chromium here: install one, or name it in TRIOPS_CHROMIUM');
    return async () => {
      await page.context().close();
      await system.close();
    };
  });

  async function open(
    phase: FakeSystem['world']['phase'],
    options: Parameters<Browser['newContext']>[0] = { viewport: devices.desktop },
  ): Promise<void> {
    system = await startFakeSystem(phase, { roundMs: 100, timeoutMs: 400 });
    const context = await browser.newContext(options);
    page = await context.newPage();
    complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.url()} answered ${response.status()}`);
    });
    await page.goto(system.url);
  }

  async function sees(text: string): Promise<void> {
    await page.getByText(text).first().waitFor();
  }

  const looks = (['phone', 'desktop'] as const).flatMap((device) =>
    (['light', 'dark'] as const).map((theme) => ({ device, theme })),
  );

  it.each(looks)(
    'on a $theme $device it tells the whole story, live and without complaints',
    async ({ device, theme }) => {
      await open('nothing', { viewport: devices[device], colorScheme: theme });

      async function look(name: string, text: string): Promise<void> {
        await sees(text);
        await page.screenshot({
          path: `${screenshots}${name}-${device}-${theme}.png`,
          fullPage: true,
          animations: 'disabled',
        });
        const [content, box] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect(content, `${name} scrolls sideways`).toBeLessThanOrEqual(box ?? 0);
      }

      await look('1-starting', 'Starting: flights-api, model-server, aiops, replay (closed the connection)');
      system.world.phase = 'training';
      await look('2-training', '66 % done');
      system.world.phase = 'running';
      await look('3-running', 'Every part is ready, flights flow, and no incident is open.');
      system.world.phase = 'incident';
      await sees('anomalous');
      await look('4-incident', '1 open incident: up to 96 % of departures get no model risk');
      expect(await page.getByRole('alert').textContent()).toContain(
        'up to 96 % of departures get no model risk',
      );
      system.world.phase = 'recovered';
      await look('5-recovered', 'lasted 52 s');
      expect(complaints).toEqual([]);
    },
    WHOLE_STORY_MS,
  );

  it('without JavaScript it still says what is starting', async () => {
    await open('training', { javaScriptEnabled: false });
    await system.roomWhere(({ headline }) => headline.text.includes('66 % done'));
    await page.reload();
    const text = await page.textContent('body');
    expect(text).toContain('Starting: model-server (train: 66 % done)');
    expect(text).toContain('Without it, reload to see the latest state.');
  });

  it('the first paint has content, before any stream is open', async () => {
    await open('nothing');
    await page.route('**/events', async (route) => route.abort());
    await page.goto(system.url, { waitUntil: 'domcontentloaded' });
    expect((await page.locator('main').innerText()).length).toBeGreaterThan(500);
    expect(await page.locator('main').innerText()).toContain('Waiting for model-server');
  });

  it('every lane shows its stages in order, with state, reason, file and seconds', async () => {
    await open('running');
    const stages = page.getByRole('region', { name: 'MLOps' }).getByRole('listitem');
    await sees('8 epochs, loss 0.291, on wasm');
    expect(await stages.locator('strong').allInnerTexts()).toEqual(
      'ingest validate version split features train evaluate compare gate register deploy monitor retrain'.split(
        ' ',
      ),
    );
    expect(await stages.nth(5).innerText()).toMatch(
      /train\s+passed\s+7\.9 s\s+8 epochs, loss 0\.291, on wasm\s+train\.ts/,
    );
  });

  it('says in words how releases stand, and that nothing is in sight or wrong', async () => {
    await open('running');
    await sees('Releases are not frozen');
    const measures = page.getByRole('region', { name: "DORA's four measures" });
    expect(await measures.locator('dt').allInnerTexts()).toEqual([
      'Deployment frequency',
      'Change lead time',
      'Change fail rate',
      'Failed deployment recovery',
    ]);
    expect(await measures.locator('.value').allInnerTexts()).toEqual([
      '1.2 a day',
      '4 h 12 min',
      '33 %',
      '42 s',
    ]);
    expect(await measures.innerText()).toContain('1 recovered');
    const deployments = page.getByRole('region', { name: 'Last deployments' }).getByRole('listitem');
    expect(await deployments.locator('.name').allInnerTexts()).toEqual([
      'flights-api 0.2.1 promoted',
      'flights-api 0.2.0 rolled back, users could meet it for 42 s',
      'flights-api 0.1.0 promoted',
    ]);
    await sees('on base rate since the start');
    const budgets = page.getByRole('region', { name: 'Error budgets' });
    expect(await budgets.getByRole('listitem').locator('b').allInnerTexts()).toEqual([
      '81 % left',
      '86 % left',
    ]);
    expect(await budgets.getByRole('listitem').locator('.name').allInnerTexts()).toEqual([
      'success 99.5 % of requests',
      'latency 95 % of requests',
    ]);
    expect(await budgets.innerText()).toContain('commit 70edfdc passed 812 tests in 9 stages.');
    await sees('No limit is in sight, for 8 watched resources.');
    await sees('Nothing is found to be wrong with the telemetry.');
    await sees('Every signal can be judged');
  });

  it('says in words that releases are frozen, what runs out, and what cannot be judged', async () => {
    await open('incident');
    await sees('Releases are frozen: the error budget for latency is empty.');
    const budgets = page.getByRole('region', { name: 'Error budgets' });
    expect(await budgets.getByRole('listitem').locator('b').allInnerTexts()).toEqual([
      '81 % left',
      'empty, overdrawn by 40 %',
    ]);
    await sees('18.4× in 1 h (too fast, limit 14.4×)');
    await sees('93 % probable');
    await sees('stale target');
    await sees('Not judged: everything model-server measures.');
    await sees('3 signals cannot be judged');
  });

  it('fits a narrow window before its charts have followed', async () => {
    await open('incident');
    await page.addInitScript(() => {
      Object.assign(globalThis, {
        ResizeObserver: class {
          observe() {}
          disconnect() {}
        },
      });
    });
    await page.reload();
    await sees('anomalous');
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('fits every width from 320 to 1920 pixels', async () => {
    await open('incident');
    await sees('anomalous');
    for (const width of [320, 480, 600, 768, 900, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (width === 768 || width === 1024 || width === 1920) {
        await page.screenshot({ path: `${screenshots}8-width-${width}.png`, fullPage: true });
      }
    }
  });

  it('the charts show data, and the keyboard reads it', async () => {
    await open('incident');
    const latency = page.getByRole('region', { name: 'Latency, 95th percentile' });
    await latency.getByText('2.9 s').waitFor();
    expect(await latency.getByText('anomalous').count()).toBe(2);
    await page.getByRole('group', { name: 'Latency, a chart' }).focus();
    await page.keyboard.press('Home');
    await latency
      .getByText('6 ms')
      .or(latency.getByText('7 ms'))
      .or(latency.getByText('5 ms'))
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await latency.getByText('2.9 s').waitFor();
  });

  it('can be walked with the Tab key, and the focus is always seen', async () => {
    await open('recovered');
    await sees('Show all 12');
    const stops: string[] = [];
    for (let press = 0; press < 20; press += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) return undefined;
        const drawn = focused instanceof HTMLInputElement ? focused.nextElementSibling : focused;
        const { outlineStyle, outlineWidth } = getComputedStyle(drawn ?? focused);
        const seen =
          focused.matches('.skip') || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1);
        const name = focused.getAttribute('aria-label') ?? focused.textContent.trim();
        return `${name || (focused as HTMLInputElement).type}${seen ? '' : ' (focus is not seen)'}`;
      });
      if (stop === undefined) break;
      stops.push(stop);
    }
    expect(stops.map((stop) => stop.slice(0, 40))).toEqual([
      'Skip to the pipelines',
      'Pipelines',
      'Signals',
      'Incidents',
      'Logs',
      'Limits',
      'Releases',
      'radio',
      'Requests per second, a chart',
      'Error ratios, a chart',
      'Latency, a chart',
      'Predicted risk, a chart of ten bars',
      expect.stringContaining('up to 96 % of departures got'),
      'Show all 12',
      '/v1/room',
      '/docs',
    ]);
    expect(stops.join()).not.toContain('focus is not seen');
    await page.getByText('Show all 12').press('Enter');
    await sees('migration');
    await page.locator('summary').press('Enter');
    await sees('closed: every signal has been normal for 15 s');
  });

  it('a chosen theme holds over a reload', async () => {
    await open('running', { colorScheme: 'light' });
    const ground = async () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole('radio', { name: 'dark' }).check({ force: true });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
    // Leaving the page ends its stream, which the browser reports as a failed request.
    expect(complaints.filter((complaint) => !complaint.includes('/events'))).toEqual([]);
  });

  it('says when the connection is lost, and when it is back', async () => {
    await open('running');
    await page.getByRole('status').getByText('Live').waitFor();
    await system.closeRoom();
    await page.getByRole('status').getByText('Connection lost, trying again').waitFor();
    await page.screenshot({ path: `${screenshots}6-lost-desktop-light.png` });
    await system.reopenRoom();
    await page.getByRole('status').getByText('Live').waitFor();
    expect(await page.getByText('Connection lost').count()).toBe(0);
  });

  it('a part that falls silent leaves its last words, marked as old', async () => {
    await open('running');
    await sees('Every part is ready');
    system.world.phase = 'nothing';
    await sees('This is old: closed the connection; last heard');
    expect(await page.getByRole('region', { name: 'MLOps' }).getByText('8 epochs').count()).toBe(1);
    await page.screenshot({ path: `${screenshots}7-silent-desktop-light.png`, fullPage: true });
  });

  it('nothing moves for those who ask for less motion', async () => {
    await open('training', { reducedMotion: 'reduce' });
    await sees('66 % done');
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it('has one main heading, no heading level left out, named regions, and targets large enough to hit', async () => {
    await open('incident');
    await sees('1 open incident');
    const outline = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      levels: [...document.querySelectorAll('h1, h2, h3, h4, h5')].map(({ tagName }) => Number(tagName[1])),
      unnamed: [...document.querySelectorAll('section')].filter((section) => {
        const heading = document.querySelector(`#${section.getAttribute('aria-labelledby') ?? 'none'}`);
        return heading === null || heading.textContent === '';
      }).length,
      ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
      small: [...document.querySelectorAll('button, summary, .theme label')].filter(
        (target) => target.getBoundingClientRect().height < 24,
      ).length,
      landmarks: ['header', 'main', 'footer'].map(
        (name) => document.querySelectorAll(`#app > ${name}`).length,
      ),
    }));
    expect(outline.lang).toBe('en');
    expect(outline.levels.filter((level) => level === 1).length).toBe(1);
    for (const [index, level] of outline.levels.entries()) {
      expect(level - (outline.levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    }
    expect(outline.unnamed).toBe(0);
    expect(new Set(outline.ids).size).toBe(outline.ids.length);
    expect(outline.small).toBe(0);
    expect(outline.landmarks).toEqual([1, 1, 1]);
  });
});
