/**
 * Instances: the running versions, as they are written down.
 *
 * Rule: what runs does not hang on the controller. Each instance has a record, written before it starts, and a keeper process of its own
 * that starts it again when it dies. Whoever comes later finds by the record what runs where, and a keeper whose record
 * was replaced ends by itself: no orphan stays, whenever the controller was killed. Where a program claimed the instances (the gateway
 * without which nobody reaches them), keepers also end when that program is gone.
 * When it misleads: a record of before a reboot names processes that are gone; the keeper's id in its command line tells them apart.
 * Source: supervision as in A. Armstrong, "Making reliable distributed systems in the presence of software errors" (2003), chapter 5.
 */
import { z } from 'zod';

/** Names of the backends: one runs, the other is free for the next version. */
export const SLOTS = ['blue', 'green'] as const;
export type Slot = (typeof SLOTS)[number];

export const recordSchema = z.strictObject({
  id: z.string(),
  slot: z.enum(SLOTS),
  port: z.int(),
  url: z.string(),
  digest: z.string(),
  version: z.string(),
  commit: z.string(),
  logFile: z.string(),
});
export type InstanceRecord = z.infer<typeof recordSchema>;

/** What a keeper says of itself. */
export const keeperSchema = z.strictObject({
  id: z.string(),
  pid: z.int(),
  restarts: z.int(),
  /** Why it does not start its version. */
  refused: z.string().optional(),
});
export type Keeper = z.infer<typeof keeperSchema>;

/** Whose instances they are: a gateway, and where it is reached and steered. */
export const ownerSchema = z.object({
  pid: z.int(),
  url: z.string().optional(),
  adminUrl: z.string().optional(),
});
export type Owner = z.infer<typeof ownerSchema>;

export const OWNER_FILE = 'instances/owner.json';
export const recordFile = (slot: Slot) => `instances/${slot}.json`;
export const keeperFile = (slot: Slot) => `instances/${slot}.keeper.json`;

export function otherSlot(slot: Slot): Slot {
  return slot === SLOTS[0] ? SLOTS[1] : SLOTS[0];
}
