import { describe, expect, it } from 'vitest';
import { entryTold, parseAudit } from '../../../src/commands/audit.js';
import { ACTIONS } from '../../../src/delivery/audit/actions.js';
import { dora, doraWindow } from '../../../src/delivery/dora.js';

const entry = (minute: number, action: string, because = 'as told') => ({
  at: new Date(Date.UTC(2026, 6, 1, 12, minute)).toISOString(),
  actor: 'pipeline',
  action,
  subject: 'flights-api 0.2.0',
  because,
  details: { commit: 'c0ffee', changes: [] },
});
const history = [entry(0, ACTIONS.started), entry(10, ACTIONS.promoted)];
const words = (what: string) => [what, 'flights-api 0.2.0', '--because', 'landings after midnight fail'];

describe('what people tell the audit log', () => {
  it('a promoted version that hurts users is a failed change, until it is restored', () => {
    const [failed, restored] = (['failed', 'restored'] as const).map((what, n) => {
      const request = parseAudit(words(what), '.triops/devops');
      if (!('subject' in request)) throw new Error('expected a request to tell something');
      const before = what === 'failed' ? history : [...history, entry(20, ACTIONS.failed)];
      return entryTold(request, { at: entry(20 + 30 * n, '').at, actor: 'person:ada' }, before);
    });
    expect(failed).toMatchObject({ action: 'release.failed', actor: 'person:ada' });
    const entries = [...history, ...[failed, restored].filter((told) => told !== undefined)];
    const { deployments } = dora(entries, doraWindow(entries, new Date('2026-07-02T00:00:00Z')));
    expect(deployments).toMatchObject([{ failedAt: entry(20, '').at, recoveredAt: entry(50, '').at }]);
  });

  it('cannot be told of a version that was never with everybody', () => {
    const request = parseAudit(words('failed'), '.triops/devops');
    if (!('subject' in request)) throw new Error('expected a request to tell something');
    const told = () => entryTold(request, entry(20, ''), [entry(0, ACTIONS.started)]);
    expect(told).toThrow('flights-api 0.2.0 was never promoted');
  });

  it.each([
    ['never failed', history],
    ['was restored already', [...history, entry(20, ACTIONS.failed), entry(30, ACTIONS.restored)]],
  ])('what %s cannot be told to be restored', (_what, before) => {
    const request = parseAudit(words('restored'), '.triops/devops');
    if (!('subject' in request)) throw new Error('expected a request to tell something');
    expect(() => entryTold(request, entry(40, ''), before)).toThrow('has no failure that is open');
  });

  it('needs a reason in words', () => {
    const given = ['failed', 'flights-api 0.2.0', '--because', ' '];
    expect(() => parseAudit(given, '.')).toThrow('devops audit failed: --because needs a reason');
  });

  it.each([
    [['failed']],
    [['failed', 'flights-api 0.2.0']],
    [['list', 'more']],
    [['verify', 'a', 'b']],
    [[]],
  ])('%j is not understood', (given) => {
    expect(() => parseAudit(given, '.')).toThrow('devops audit: expected "list", "verify"');
  });
});
