import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_HASH, chained, lineOf } from '../../../src/delivery/audit.js';
import type { AuditEntry } from '../../../src/delivery/audit.js';
import { canonicalJson } from '../../../src/delivery/audit/canonical-json.js';
import { verifyChain } from '../../../src/delivery/audit/verify-chain.js';
import type { Head } from '../../../src/delivery/audit/verify-chain.js';

const entry = (n: number): AuditEntry => ({
  at: `2026-07-01T10:00:${String(n % 60).padStart(2, '0')}.000Z`,
  actor: 'pipeline',
  action: 'release.started',
  subject: `flights-api 0.${n}.0`,
  because: 'a test',
  details: { n },
});

function logOf(entries: readonly AuditEntry[]): { lines: string[]; head: Head } {
  let previous = FIRST_HASH;
  const lines = entries.map((one) => {
    const next = chained(one, previous);
    previous = next.hash;
    return lineOf(next);
  });
  return { lines, head: { entries: lines.length, lastHash: previous } };
}

const five = logOf([1, 2, 3, 4, 5].map(entry));
const line = (n: number) => five.lines[n - 1] ?? '';

describe('canonical JSON', () => {
  it('is what RFC 8785 gives for its example of sorting (section 3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect([...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, text]) => text)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('is the same text for the same JSON, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const other = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(other)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 2001 },
    );
  });
});

describe('the chain', () => {
  it('hashes the entry before and the content, as sha256sum would', () => {
    const text =
      `${FIRST_HASH}\n` +
      '{"action":"release.started","actor":"pipeline","at":"2026-07-01T10:00:01.000Z","because":"a test","details":{"n":1},"subject":"flights-api 0.1.0"}';
    expect(chained(entry(1), FIRST_HASH).hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('refuses an entry without a reason or with a time that is none', () => {
    expect(() => chained({ ...entry(1), because: '' }, FIRST_HASH)).toThrow('because');
    expect(() => chained({ ...entry(1), at: 'yesterday' }, FIRST_HASH)).toThrow('at');
  });

  it('an empty log and an untouched log are intact', () => {
    expect(verifyChain([])).toMatchObject({ kind: 'intact', entries: 0 });
    expect(verifyChain(five.lines, five.head)).toMatchObject({ kind: 'intact', entries: 5 });
  });

  it('a head that lags behind, as after kill -9 between the two writes, is no fault', () => {
    const head = logOf([1, 2, 3, 4].map(entry)).head;
    expect(verifyChain(five.lines, head).kind).toBe('intact');
    expect(verifyChain(logOf([entry(1)]).lines).kind).toBe('intact');
  });

  it.each<[string, string[], number, string]>([
    ['a changed word', [line(1), line(2).replace('a test', 'a fest'), line(3)], 2, 'changed'],
    ['a space that JSON would not mind', [line(1), line(2).replace('{', '{ ')], 2, 'changed'],
    ['a removed line', [line(1), line(2), line(4), line(5)], 3, 'removed'],
    ['a removed first line', [line(2), line(3)], 1, 'removed'],
    ['removed last lines', [line(1), line(2), line(3)], 4, 'removed'],
    ['a repeated line', [line(1), line(2), line(2), line(3)], 2, 'inserted'],
    [
      'an inserted line that follows nothing here',
      [line(1), line(2), lineOf(chained(entry(9), 'a'.repeat(64))), line(3)],
      3,
      'inserted',
    ],
    ['two lines that changed places', [line(1), line(3), line(2), line(4), line(5)], 2, 'moved'],
    ['everything removed', [], 1, 'removed'],
  ])('%s is found and named', (_what, lines, where, tampering) => {
    expect(verifyChain(lines, five.head)).toMatchObject({ kind: 'broken', line: where, tampering });
  });

  it('an entry inserted with a right hash is named by the line that does not follow it', () => {
    const second = chained(entry(2), chained(entry(1), FIRST_HASH).hash);
    const forged = lineOf(chained(entry(9), second.hash));
    const lines = [line(1), line(2), forged, line(3), line(4), line(5)];
    expect(verifyChain(lines, five.head)).toEqual({
      kind: 'broken',
      line: 3,
      tampering: 'inserted',
      because: 'line 3 was inserted: line 4 follows the one before it',
    });
  });

  it('a last line that was rewritten with a right hash is known by the head', () => {
    const fourth = five.lines.slice(0, 4);
    const previous = (JSON.parse(line(4)) as { hash: string }).hash;
    const lines = [...fourth, lineOf(chained({ ...entry(5), because: 'nothing happened' }, previous))];
    expect(verifyChain(lines, five.head)).toMatchObject({ kind: 'broken', line: 5, tampering: 'changed' });
  });

  it('whatever one touches, the first touched line or the one after it is named', () => {
    const count = 12;
    const log = logOf(Array.from({ length: count }, (_, n) => entry(n)));
    const touch = fc.record({
      how: fc.constantFrom('change', 'remove', 'repeat', 'swap'),
      at: fc.nat(count - 2),
      other: fc.nat(count - 2),
      character: fc.nat(200),
    });
    fc.assert(
      fc.property(touch, ({ how, at, other, character }) => {
        const lines = [...log.lines];
        const own = lines[at] ?? '';
        if (how === 'change') {
          const place = character % own.length;
          lines[at] = `${own.slice(0, place)}${own[place] === 'x' ? 'y' : 'x'}${own.slice(place + 1)}`;
        }
        if (how === 'remove') lines.splice(at, 1);
        if (how === 'repeat') lines.splice(other, 0, own);
        if (how === 'swap') [lines[at], lines[at + 1]] = [lines[at + 1] ?? '', own];
        const first = lines.findIndex((text, index) => text !== log.lines[index]) + 1;
        const verdict = verifyChain(lines, log.head);
        const named = verdict.kind === 'broken' ? verdict.line : 0;
        expect([first - 1, first, first + 1].filter((line) => line > 0)).toContain(named);
      }),
      { seed: 2001, numRuns: 500 },
    );
  });
});
