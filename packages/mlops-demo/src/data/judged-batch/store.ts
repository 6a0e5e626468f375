/**
 * Judges a file or a version as `mlops data add` would, and keeps nothing.
 *
 * in:  a path or a reference → out: BatchReport
 *
 * Rule: what names an existing file is a file. The weeks before come from the versions in the store.
 */
import { existsSync } from 'node:fs';
import type { Airports } from '../../airports.js';
import { batchReport, unreadableReport } from '../../validate/batch-report.js';
import type { BatchReport } from '../../validate/batch-report.js';
import { likelyDays } from '../../validate/days.js';
import { readBatch, readBatchOf } from '../batch/store.js';
import type { ReadBatch } from '../batch/store.js';
import type { ObjectStore } from '../objects/object-store.js';
import { Yardstick } from '../reference/yardstick.js';
import { listVersions, readVersion } from '../versions/read.js';

/** What to judge. */
export interface JudgeRequest {
  batch: string;
  from?: string;
  through?: string;
}

/** The report, or why the version cannot be read. */
export type Judged = { state: 'judged'; report: BatchReport } | { state: 'refused'; because: string };

/** Judges the batch. */
export async function judgeBatch(
  store: ObjectStore,
  request: JudgeRequest,
  airports: Airports,
): Promise<Judged> {
  if (existsSync(request.batch)) {
    return judged(store, await readBatch(request.batch), request, 'flights', airports);
  }
  const read = await readVersion(store, request.batch);
  if (read.state === 'refused') return { state: 'refused', because: `${read.version}: ${read.because}` };
  const { dataset, from, through } = read.manifest;
  const batch = await readBatchOf(read.bytes, read.version);
  return judged(store, batch, { batch: read.version, from, through }, dataset, airports);
}

async function judged(
  store: ObjectStore,
  read: ReadBatch,
  request: JudgeRequest,
  dataset: string,
  airports: Airports,
): Promise<Judged> {
  if (read.state === 'unreadable')
    return { state: 'judged', report: unreadableReport(request.batch, read.checks) };
  const likely = likelyDays(read.raw);
  const from = request.from ?? likely?.from;
  const through = request.through ?? likely?.through;
  const days = from !== undefined && through !== undefined ? { from, through } : undefined;
  const { sound } = await listVersions(store);
  const reference = days && (await new Yardstick(store, airports).before({ dataset, ...days }, sound));
  const expectations = { ...(days ? { days } : {}), ...(reference ? { reference } : {}) };
  return { state: 'judged', report: batchReport(read.raw, read.checks, airports, expectations).report };
}
