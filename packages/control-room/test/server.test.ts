import { createLogger } from 'service-chassis';
import { afterEach, describe, expect, it } from 'vitest';
import { startControlRoom } from '../src/index.js';
import type { RoomState } from '../src/index.js';
import { addressOfNobody } from './fake-part.js';
import { startFakeSystem } from './fake-system.js';
import type { FakeSystem } from './fake-system.js';
import type { Phase } from './fake-world.js';
import { readEvents } from './read-events.js';

let system: FakeSystem;

async function start(...how: Parameters<typeof startFakeSystem>): Promise<FakeSystem> {
  system = await startFakeSystem(...how);
  return system;
}

afterEach(async () => system.close());

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${system.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, 'm').exec(text)?.[1]);
}

async function until(is: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await is())) await system.roomWhere(() => true);
}

describe('the stream', () => {
  it('sends the room at once, before any part has answered', async () => {
    await start('nothing', { roundMs: 60_000 });
    for await (const { event, data } of readEvents(`${system.url}/events`)) {
      expect(event).toBe('room');
      expect((JSON.parse(data) as RoomState).headline.state).toBe('starting');
      break;
    }
  });

  it('follows the system: nothing, training, running, incident, recovered', async () => {
    await start('nothing');
    const headlines: string[] = [];
    for (const [phase, state] of [
      ['training', 'starting'],
      ['running', 'calm'],
      ['incident', 'incident'],
      ['recovered', 'calm'],
    ] as const) {
      system.world.phase = phase;
      const { headline } = await system.roomWhere(
        (room) => room.headline.state === state && tells(room, phase),
      );
      headlines.push(headline.text);
    }
    expect(headlines[0]).toContain('train: 66 % done');
    expect(headlines[2]).toContain('up to 96 % of departures get no model risk');
  });

  it('a browser that leaves is forgotten', async () => {
    await start('running');
    for await (const event of readEvents(`${system.url}/events`)) {
      expect(event.event).toBe('room');
      expect(await metric('control_room_viewers')).toBe(1);
      break;
    }
    await until(async () => (await metric('control_room_viewers')) === 0);
  });

  it('the fifty-first browser is told to come back later', async () => {
    await start('running');
    const watching = Array.from({ length: 50 }, () => readEvents(`${system.url}/events`));
    await Promise.all(watching.map(async (events) => events.next()));
    const refused = await fetch(`${system.url}/events`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    await Promise.all(watching.map(async (events) => events.return(undefined)));
  });

  it('ends when the control room stops, so that stopping does not wait', async () => {
    await start('running');
    const events = readEvents(`${system.url}/events`);
    await events.next();
    const ended = (async () => {
      for await (const { event } of events) expect(event).toBe('room');
      return 'ended';
    })();
    await system.closeRoom();
    expect(await ended).toBe('ended');
  });
});

describe('the sources', () => {
  it('never ask one question twice at a time, even when an answer takes many rounds', async () => {
    await start(
      'running',
      { roundMs: 5, timeoutMs: 400 },
      { 'model-server /v1/pipeline': { json: {}, afterMs: 30 } },
    );
    await until(
      () => system.parts['model-server'].asked.filter((path) => path === '/v1/pipeline').length > 4,
    );
    expect(system.parts['model-server'].mostAtOnce()).toBe(1);
  });

  it('a part that hangs does not make the others old', async () => {
    await start('running', { roundMs: 20, timeoutMs: 60 }, { 'model-server /v1/pipeline': 'hang' });
    const { lanes } = await system.roomWhere(
      ({ lanes }) => isTroubled(lanes[1]?.stages) && lanes[0]?.stages.kind === 'fresh',
    );
    expect(lanes[1]?.stages).toMatchObject({ because: expect.stringContaining('no answer within 60 ms') });
  });

  it.each([
    ['text that is not JSON', { text: '<html>' }, 'makes no sense: not JSON'],
    ['more than two million bytes', { text: `"${'x'.repeat(2_100_000)}"` }, 'more than 2000000 bytes'],
    ['a closed connection', 'reset' as const, 'closed the connection'],
  ])('%s is told as a reason', async (_name, answer, reason) => {
    await start('running', { roundMs: 20, timeoutMs: 2_000 }, { 'flights-api /v1/delivery': answer });
    const told = await system.roomWhere(({ lanes }) => isTroubled(lanes[0]?.stages));
    expect(JSON.stringify(told.lanes[0]?.stages)).toContain(reason);
  });

  it('say in the log when a part becomes ready', async () => {
    await start('nothing');
    system.world.phase = 'running';
    await system.roomWhere(({ headline }) => headline.state === 'calm');
    expect(system.logLines.join('')).toContain('model-server is ready: answers and is ready');
  });
});

describe('the page', () => {
  it('has content before its program runs, under a policy that allows its own files only', async () => {
    await start('training');
    await system.roomWhere((room) => tells(room, 'training'));
    const response = await fetch(system.url);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'",
    );
    const html = await response.text();
    expect(html).toContain('train: running, 66 % done');
  });

  it('weighs less than 40 kB, compressed, and its assets are kept for a year', async () => {
    await start('running');
    const html = await (await fetch(system.url)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(files.length).toBe(4);
    let bytes = 0;
    for (const path of files) {
      const response = await fetch(new URL(path, system.url), { headers: { 'accept-encoding': 'br' } });
      expect(response.headers.get('content-encoding')).toBe('br');
      bytes += Number(response.headers.get('content-length'));
      const kept = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      expect(response.headers.get('cache-control')).toBe(kept);
    }
    expect(bytes).toBeLessThan(40_000);
  });

  it('no address leads out of its folder', async () => {
    await start('running');
    for (const path of ['/..%2findex.js', '/assets/../../index.js', '/index.html', '/assets']) {
      expect((await fetch(`${system.url}${path}`)).status).toBe(404);
    }
  });
});

it('a part whose port nobody has is not listening', async () => {
  await start('running');
  const nobody = await addressOfNobody();
  const urls = { 'flights-api': nobody, 'model-server': nobody, aiops: nobody, replay: nobody };
  const logger = createLogger({ service: 'test', stream: { write: () => undefined } });
  const room = await startControlRoom({ host: '127.0.0.1', port: 0, urls, logger, roundMs: 20 });
  const reasons: string[] = [];
  for await (const { data } of readEvents(`${room.url}/events`)) {
    reasons.push((JSON.parse(data) as RoomState).parts[0]?.because ?? '');
    if (reasons.length === 3) break;
  }
  await room.close();
  expect(reasons.at(-1)).toBe('not listening');
});

/** Whether the latest reply was not a good one. */
function isTroubled(told: RoomState['lanes'][number]['stages'] | undefined): boolean {
  return told !== undefined && told.kind !== 'fresh' && told.because !== 'not asked yet';
}

/** Whether a room is of this phase, and not of the one before. */
function tells(room: RoomState, phase: Phase): boolean {
  const closed = room.closedIncidents.kind === 'fresh' && room.closedIncidents.value.length > 0;
  if (phase === 'training') return room.headline.text.includes('66 % done');
  return phase === 'recovered' ? closed : true;
}
