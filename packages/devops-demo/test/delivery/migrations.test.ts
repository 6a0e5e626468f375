import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeMigration } from '../../src/delivery/migrations.js';
import { judgeRehearsal } from '../../src/delivery/rehearse.js';
import { PACKAGE_DIR } from '../harness.js';

const read = (path: string) => readFileSync(join(PACKAGE_DIR, path), 'utf8');

describe('a migration', () => {
  it.each([
    'alter table flights add column carrier text;',
    "alter table flights add column carrier text not null default 'unknown';",
    'create table gates (name text primary key);\ncreate index gates_by_name on gates (name);',
    'create index concurrently flights_by_carrier on flights (carrier);',
    "-- says why\ncomment on table flights is 'the board';",
  ])('that expands may come: %s', (sql) => {
    expect(judgeMigration(`-- Up Migration\n${sql}\n-- Down Migration\ndrop table gates;`)).toEqual({
      kind: 'expand',
    });
  });

  it.each([
    ['takes a column', 'alter table flights drop column risk_because;'],
    ['renames one', 'alter table flights rename column risk_because to risk_reason;'],
    ['demands what old versions do not send', 'alter table flights add column carrier text not null;'],
    ['locks the table while it makes an index', 'create index flights_by_carrier on flights (carrier);'],
    ['narrows', 'alter table flights add check (distance_miles < 3000);'],
    ['hides it after something harmless', "comment on table flights is 'x'; drop table events;"],
  ])('that %s must declare it', (_what, sql) => {
    expect(judgeMigration(`-- Up Migration\n${sql}`)).toMatchObject({ kind: 'refused' });
    expect(judgeMigration(`-- Up Migration\n-- Contract: unused since 0.3.0\n${sql}`)).toEqual({
      kind: 'contract',
      declared: 'unused since 0.3.0',
    });
  });

  it("the board's first one needs no declaration: all its tables are new", () => {
    expect(judgeMigration(read('migrations/0001_board.sql'))).toEqual({ kind: 'expand' });
  });
});

describe('a rehearsal', () => {
  const answer = { asked: 'old', probe: 'GET /v1/flights', status: 200, seconds: 0.01 } as const;
  it.each([
    [[answer, { ...answer, status: 404 }], undefined],
    [
      [answer, { ...answer, status: 500 }],
      'on the new schema the old version answers 500 to GET /v1/flights (1 of 2 probes failed)',
    ],
    [
      [{ ...answer, status: 0 }],
      'on the new schema the old version does not answer GET /v1/flights (1 of 1 probes failed)',
    ],
    [[{ ...answer, seconds: 1.24 }], 'while it migrates the old version takes 1.2 s for GET /v1/flights'],
  ])('of %j', (answers, because) => {
    expect(judgeRehearsal(answers)).toBe(because);
  });
});
