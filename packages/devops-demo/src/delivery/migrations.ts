/**
 * Migrations: may the old version still run on the new schema?
 *
 * in: the migrations that are new → out: which statements take something away, and whether that was declared
 *
 * Rule: expand and contract. What adds (a table, a column that old versions need not fill, an index made concurrently) may always come: the
 * old version does not notice. Everything else takes something away, narrows, or locks the table while it is read or written anew, and must say so
 * with a line `-- Contract: why nobody needs it any more`; of an `alter table` each action is judged. A declared contract is still rehearsed with the
 * old version (rehearse.ts), because declarations err. Nothing is migrated down on a rollback: expansion stays, and that is no harm.
 * When it misleads: it reads words, not meaning: what a view or a new table's trigger does passes. A default that it does not know to be constant
 * counts as volatile.
 * Source: D. Sato, "Parallel Change", https://martinfowler.com/bliki/ParallelChange.html (2014); locks: PostgreSQL 18 manual, ALTER TABLE.
 *
 *   judgeMigration('-- Up Migration\nalter table flights drop column risk_because;')
 *   // { kind: 'refused', because: 'it takes away or locks without declaring it: alter table flights drop column risk_because' }
 */
import { listParts, statements } from './migrations/sql-parts.js';

export type MigrationVerdict =
  { kind: 'expand' } | { kind: 'contract'; declared: string } | { kind: 'refused'; because: string };

const DOWN = /^-- Down Migration/m;
const DECLARED = /^-- Contract: (.+)$/m;
const LONGEST_QUOTE = 80;

const EXPANDS = [
  /^create table /,
  /^create index concurrently /,
  /^comment on /,
  /^create (?:or replace )?view /,
];

/** With "if not exists" it may be an old one. */
const CREATES_TABLE = /^create table (?!if not exists )([^\s(]+)/;
const INDEX_ON = /^create (?:unique )?index .*? on ([^\s(]+)/;
const ALTERS_TABLE = /^alter table (?:if exists )?(?:only )?([^\s(]+) (.+)$/;
const ADDS_COLUMN = /^add column (?:if not exists )?\S+ (.+)$/;

/** Is checked against all rows, refuses what old versions send, or writes every row anew. */
const NARROWS = /\b(?:unique|primary key|references|check|constraint|generated|(?:small|big)?serial\d?)\b/;
const DEFAULT = /\bdefault (.+?)(?: not null| null| collate \S+)*$/;
/** The same for all rows, so that PostgreSQL needs to write none (since 11); now() is taken once. */
const CONSTANT =
  /^(?:''|[-+]?[\d.]+(?:e[-+]?\d+)?|true|false|now\(\)|current_(?:date|time|timestamp))(?:::[\w ().[\]]+)?$/;

export function judgeMigration(sql: string): MigrationVerdict {
  const [up = ''] = sql.split(DOWN);
  const all = statements(up);
  const fresh = new Set(all.flatMap((statement) => CREATES_TABLE.exec(statement)?.[1] ?? []));
  const other = all.find((statement) => !expands(statement, fresh));
  if (other === undefined) return { kind: 'expand' };
  const declared = DECLARED.exec(up)?.[1];
  if (declared !== undefined) return { kind: 'contract', declared };
  const because = `it takes away or locks without declaring it: ${other.slice(0, LONGEST_QUOTE)}`;
  return { kind: 'refused', because };
}

/** @param fresh tables that the same migration makes: nobody reads them yet */
function expands(statement: string, fresh: ReadonlySet<string>): boolean {
  if (EXPANDS.some((pattern) => pattern.test(statement))) return true;
  if (fresh.has(INDEX_ON.exec(statement)?.[1] ?? '')) return true;
  const [, table = '', actions] = ALTERS_TABLE.exec(statement) ?? [];
  return actions !== undefined && (fresh.has(table) || listParts(actions).every(addsQuietly));
}

function addsQuietly(action: string): boolean {
  const definition = ADDS_COLUMN.exec(action)?.[1];
  if (definition === undefined || NARROWS.test(definition)) return false;
  const value = DEFAULT.exec(definition)?.[1];
  if (value === undefined || value === 'null') return !/\bnot null\b/.test(definition);
  return CONSTANT.test(value);
}
