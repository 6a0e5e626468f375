/**
 * Migrations: may the old version still run on the new schema?
 *
 * in: the migrations that are new → out: which statements take something away, and whether that was declared
 *
 * Rule: expand and contract. What adds (a table, a nullable column or one with a default, an index made concurrently) may always come: the old
 * version does not notice. Everything else takes something away or locks, and must say so with a line
 * `-- Contract: why nobody needs it any more`. A declared contract is still rehearsed with the old version (rehearse.ts),
 * because declarations err. Nothing is migrated down on a rollback: expansion stays, and that is no harm.
 * When it misleads: it reads words, not meaning; an added trigger or constraint inside a function body passes.
 * Source: D. Sato, "Parallel Change", https://martinfowler.com/bliki/ParallelChange.html (2014); locks: PostgreSQL 18 manual, ALTER TABLE.
 *
 *   judgeMigration('-- Up Migration\nalter table flights drop column risk_because;')
 *   // { kind: 'refused', because: 'it takes away or locks without declaring it: alter table flights drop column risk_because' }
 */
export type MigrationVerdict =
  { kind: 'expand' } | { kind: 'contract'; declared: string } | { kind: 'refused'; because: string };

const DOWN = /^-- Down Migration/m;
const DECLARED = /^-- Contract: (.+)$/m;
const COMMENT = /--.*$/gm;
const LONGEST_QUOTE = 80;

const EXPANDS = [
  /^create table /,
  /^create (?:unique )?index concurrently /,
  /^alter table \S+ add column (?:if not exists )?(?!.*\bnot null\b(?!.*\bdefault\b)).*/,
  /^comment on /,
  /^create (?:or replace )?view /,
];

const CREATES_TABLE = /^create table (?:if not exists )?(\S+)/;
const INDEX_ON = /^create (?:unique )?index .*? on (\S+)/;

export function judgeMigration(sql: string): MigrationVerdict {
  const [up = ''] = sql.split(DOWN);
  const all = statements(up);
  const fresh = new Set(all.map((statement) => CREATES_TABLE.exec(statement)?.[1]));
  const other = all.find(
    (statement) =>
      !EXPANDS.some((expands) => expands.test(statement)) && !fresh.has(INDEX_ON.exec(statement)?.[1] ?? ''),
  );
  if (other === undefined) return { kind: 'expand' };
  const declared = DECLARED.exec(up)?.[1];
  if (declared !== undefined) return { kind: 'contract', declared };
  const because = `it takes away or locks without declaring it: ${other.slice(0, LONGEST_QUOTE)}`;
  return { kind: 'refused', because };
}

function statements(up: string): string[] {
  return up
    .replaceAll(COMMENT, '')
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' ').toLowerCase())
    .filter(Boolean);
}
