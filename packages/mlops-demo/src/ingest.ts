/**
 * Stage 1, ingest: fetch the raw flights of the plan's days.
 *
 * in:  Plan (days, airports) → out: RawFlights as columns
 *
 * Rule: take everything, judge nothing. What is wrong with the rows is for `validate` to say, with counts.
 *
 * When it misleads: an empty answer is not an error here; a batch without flights fails in `validate`.
 *
 * Source: US Department of Transportation, on-time performance of 2001 collected under 14 CFR 234, as vega-datasets has it in flights-3m.parquet.
 *
 * Example: `ingest({ from: '2001-01-01', through: '2001-01-31' }, source)` holds 508,239 flights.
 */
import { countOf } from './data/columns.js';
import type { RawFlights } from './data/columns.js';

/** Which flights to fetch. */
export interface IngestRequest {
  from: string;
  through: string;
  airports?: readonly string[];
}

/** Anything that can read flights. */
export interface ReadsFlights {
  read(request: IngestRequest): Promise<RawFlights>;
}

/** The raw flights, and a sentence about them. */
export interface Ingested {
  raw: RawFlights;
  because: string;
}

/** Reads the flights of the request. */
export async function ingest(request: IngestRequest, source: ReadsFlights): Promise<Ingested> {
  const raw = await source.read(request);
  return { raw, because: `${countOf(raw).toLocaleString('en-US')} flights from ${raw.source}` };
}
