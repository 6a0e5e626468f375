/** The audit log, for other programs whose changes belong into the same chain: promoted models stand beside promoted releases. */
export { entrySchema as auditEntrySchema } from './delivery/audit.js';
export type { AuditEntry, ChainedEntry } from './delivery/audit.js';
export { openAuditLog } from './delivery/audit/store.js';
export type { ChainVerdict } from './delivery/audit/verify-chain.js';
export { canonicalJson } from './delivery/audit/canonical-json.js';
