/**
 * Audit: who or what changed what, when and why, in a log that shows when it was tampered with.
 *
 * in: AuditEntry, the hash of the entry before → out: ChainedEntry
 *
 * Rule: hash = SHA-256(previous hash + '\n' + canonical JSON of the entry); the first entry follows FIRST_HASH. So no line can be
 * changed, removed, inserted or moved without breaking the chain behind it (see audit/verify-chain.ts).
 * When it misleads: whoever can rewrite the file can also compute a new chain from the line they changed to the end. The chain proves
 * something only against a copy of a later hash kept elsewhere: in the head file beside the log, or better in a chat or a ticket.
 * Source: S. Haber and W. S. Stornetta, How to time-stamp a digital document (1991); B. Schneier and J. Kelsey, Secure audit logs (1999).
 *
 *   chained(entry, FIRST_HASH) // { …entry, previousHash: '000…', hash: SHA-256 of '000…\n{"action":…}' }
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './audit/canonical-json.js';

const SHA256 = /^[0-9a-f]{64}$/;
/** What the first entry follows. */
export const FIRST_HASH = '0'.repeat(64);

const entryFields = {
  /** ISO 8601. */
  at: z.iso.datetime({ offset: true }),
  /** `person:NAME`, `pipeline`, `aiops-demo`. */
  actor: z.string().min(1),
  /** What happened: `release.promoted`. All of them: delivery/audit/actions.ts. */
  action: z.string().min(1),
  /** To what: `flights-api 0.2.0`. */
  subject: z.string().min(1),
  /** One sentence. */
  because: z.string().min(1),
  /** Evidence, as JSON. */
  details: z.record(z.string(), z.unknown()),
};

export const chainedEntrySchema = z.strictObject({
  ...entryFields,
  previousHash: z.string().regex(SHA256),
  hash: z.string().regex(SHA256),
});

export const entrySchema = z.object(entryFields);

export type AuditEntry = Readonly<z.infer<typeof entrySchema>>;
export type ChainedEntry = Readonly<z.infer<typeof chainedEntrySchema>>;

/** Where entries are kept. The shell is audit/store.ts. */
export interface AuditLog {
  /** Returns when the entry is on disk. */
  append(entry: AuditEntry): Promise<ChainedEntry>;
  entries(): Promise<readonly ChainedEntry[]>;
}

/** @throws when the entry is incomplete: a log of half entries explains nothing. */
export function chained(entry: AuditEntry, previousHash: string): ChainedEntry {
  // Through JSON first: what is hashed is what will be read back (a Date becomes text, undefined disappears).
  const plain = entrySchema.parse(JSON.parse(JSON.stringify(entry)));
  return { ...plain, previousHash, hash: hashOf(plain, previousHash) };
}

/** The hash that an entry must have when it follows `previousHash`. */
export function hashOf(entry: AuditEntry, previousHash: string): string {
  const { at, actor, action, subject, because, details } = entry;
  const content = canonicalJson({ at, actor, action, subject, because, details });
  return createHash('sha256').update(`${previousHash}\n${content}`).digest('hex');
}

/** One line of the file, without its newline. */
export function lineOf(entry: ChainedEntry): string {
  return canonicalJson(entry);
}
