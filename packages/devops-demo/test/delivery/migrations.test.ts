import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
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
    'alter table board.flights add column a numeric(4, 2), add column b text;',
    "alter table flights add column c text default 'a, drop column -- b; unique', add column d int not null default -1;",
    'alter table flights add column seen timestamptz not null default now();',
    "alter table flights add column tags jsonb default '{}'::jsonb;",
    'create table gates (name text); alter table gates add unique (name);',
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
    ['drops in the second action', 'alter table board.flights add column x int, drop column risk_because;'],
    ['changes a type in it', 'alter table flights add column x int, alter column distance_miles type int;'],
    [
      'changes a type behind a comma in brackets',
      'alter table f add column x numeric(4,2), alter y type int;',
    ],
    ['adds what must be unique', 'alter table flights add column gate text unique;'],
    ['refers to another table', 'alter table flights add column gate text references gates;'],
    ['is checked against all rows', 'alter table flights add column gate int check (gate > 0);'],
    ['has a volatile default', 'alter table flights add column id uuid default gen_random_uuid();'],
    ['counts every row', 'alter table flights add column n bigserial;'],
    ['writes every row', 'alter table flights add column m int generated always as (1) stored;'],
    ['demands a value and defaults to none', 'alter table flights add column m int default null not null;'],
    ['forbids what old versions may send', 'create unique index concurrently i on flights (origin);'],
    ['says that an old table is new', 'create table if not exists a (b int); create index on a (b);'],
    ['does it in a block', "do $do$ begin execute 'drop table flights'; end $do$;"],
    ['hides it behind a quoted comment', "comment on table a is '--'; drop table a;"],
    ['hides it after something harmless', "comment on table flights is 'x'; drop table events;"],
  ])('that %s must declare it', (_what, sql) => {
    expect(judgeMigration(`-- Up Migration\n${sql}`)).toMatchObject({ kind: 'refused' });
    expect(judgeMigration(`-- Up Migration\n-- Contract: unused since 0.3.0\n${sql}`)).toEqual({
      kind: 'contract',
      declared: 'unused since 0.3.0',
    });
  });

  it('with one such action among any others, wherever it stands, must declare it', () => {
    const harmless = fc.constantFrom(
      'add column a int',
      "add column b text default ','",
      'add column c numeric(4, 2) not null default 0',
    );
    const harmful = fc.constantFrom('drop column x', 'alter x type int', 'add check (x > 0)', 'rename to y');
    fc.assert(
      fc.property(fc.array(harmless), fc.option(harmful), fc.array(harmless), (before, bad, after) => {
        const actions = [...before, ...(bad === null ? [] : [bad]), ...after];
        fc.pre(actions.length > 0);
        const { kind } = judgeMigration(`alter table flights ${actions.join(', ')};`);
        expect(kind).toBe(bad === null ? 'expand' : 'refused');
      }),
      { seed: 2001 },
    );
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
