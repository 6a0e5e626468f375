import { expect, it } from 'vitest';
import { escaped, withFirstScreen } from '../src/first-screen.js';
import { hear } from '../src/hearing.js';
import { loadPage } from '../src/page-files.js';
import { mergeRoom } from '../src/room.js';

const NOW = Date.parse('2026-07-01T10:05:00Z');
const page = '<div id="app"><!--first-screen--></div><!--snapshot-->';

it('says what is starting without any program', () => {
  const html = withFirstScreen(page, mergeRoom({}, NOW));
  expect(html).toContain('Starting: flights-api, model-server, aiops, replay (not asked yet)');
  expect(html).toContain('<h3>MLOps: Waiting for model-server</h3>');
});

it('markup in an answer stays text', () => {
  const stage = { name: '</script><b>', state: 'running', because: '<img src=x>', file: 'f' };
  const reply = { updatedAt: '2026-07-01T10:00:00Z', stages: [stage] };
  const hearing = hear({}, 'flights-api/delivery', { kind: 'answered', at: NOW, status: 200, body: reply });
  const html = withFirstScreen(page, mergeRoom(hearing, NOW));
  expect(html).not.toContain('<b>');
  expect(html).not.toContain('<img');
  expect(html.split('</script>').length).toBe(2);
  const snapshot = /id="snapshot">(.*)<\/script>/.exec(html)?.[1] ?? '';
  expect(JSON.parse(snapshot)).toEqual(mergeRoom(hearing, NOW));
});

it('a page without the marks is refused', () => {
  expect(() => withFirstScreen('<html></html>', mergeRoom({}, NOW))).toThrow('expected <!--first-screen-->');
});

it('escapes what HTML would read', () => {
  expect(escaped('<*> & "a"')).toBe('&lt;*&gt; &amp; &quot;a&quot;');
});

it('without a built page the reason is what to run', async () => {
  await expect(loadPage('/nowhere')).rejects.toMatchObject({
    message: 'there is no built page in /nowhere: run "npm run build"',
  });
});
