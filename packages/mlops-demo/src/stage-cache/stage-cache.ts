/**
 * The stage cache: what a stage once computed from these inputs, with these parameters and this code, is not computed again.
 *
 * in:  stage, key → out: the entry, and on demand its value
 *
 * Rule: an entry says in a few bytes that the stage is done, what came of it in words, and the digest of its value. The value is read only
 * by a stage that has to run. A later stage's key holds the digests of its inputs, not their keys: where changed code computes the same
 * value, nothing behind it runs again.
 *
 * When it misleads: a stage that reads what it was not given (a clock, a file, the environment) would be cached all the same.
 *
 * Source: A. Mokhov, N. Mitchell, S. Peyton Jones, Build Systems à la Carte (2018): constructive traces, early cutoff.
 */
import type { StageName } from '../stage-runner/stage.js';

/** What is known of a stage's value without reading it. */
export interface StageEntry {
  stage: StageName;
  key: string;
  /** SHA-256 of the value's bytes. */
  digest: string;
  /** The result's own words. */
  because: string;
  state?: string | undefined;
  /** How long it took to compute. */
  seconds: number;
}

/** A value out of the cache. A damaged one is computed again. */
export type Loaded = { state: 'sound'; value: unknown } | { state: 'damaged'; because: string };

export interface StageCache {
  /** The digest of the stage's code: its source file and all that it imports. */
  codeOf(stage: StageName): string;
  find(stage: StageName, key: string): Promise<StageEntry | undefined>;
  load(entry: StageEntry): Promise<Loaded>;
  /** For whoever computes the key exclusively. */
  draft(stage: StageName, key: string): Promise<Draft>;
  /** Only one run computes a key; others wait for it. `touch` says that it is at work: no timer may run meanwhile. */
  exclusively<Result>(
    stage: StageName,
    key: string,
    work: (touch: () => void) => Promise<Result>,
    waiting: (owner: string) => void,
  ): Promise<Result>;
}

/** An entry that nobody sees before it is saved. */
export interface Draft {
  /** Takes files that are too large to be part of the value. */
  folder: string;
  /** Answers the value as a later run will read it: its files are no longer where they were. */
  save(entry: Omit<StageEntry, 'digest'>, value: unknown): Promise<{ entry: StageEntry; value: unknown }>;
  discard(): Promise<void>;
}

/** For values that are more than data: a network is kept as its files, rows stay in files beside the value. */
export interface StageCodec {
  pack(value: unknown): Promise<unknown>;
  unpack(plain: unknown, folder: string): Promise<unknown>;
}
