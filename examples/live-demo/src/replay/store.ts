/**
 * Store: keeps the replay's position in PostgreSQL, so that a restart goes on where it was.
 *
 * Rule: another start time begins there. Another seed draws other seconds within each minute, so the minute under way is sent
 * again from its start.
 */
import type { Pool } from 'pg';
import type { EventKey } from './schedule.js';

export interface PositionStore {
  load(replay: { startsAt: number; seed: number }): Promise<EventKey | undefined>;
  save(replay: { startsAt: number; seed: number }, position: EventKey): Promise<void>;
}

interface Row {
  starts_at: Date;
  seed: string;
  at: Date;
  kind: EventKey['kind'];
  flight_id: string;
}

const MINUTE_MS = 60_000;

export function positionStore(pool: Pool): PositionStore {
  return {
    async load({ startsAt, seed }) {
      const { rows } = await pool.query<Row>('SELECT starts_at, seed, at, kind, flight_id FROM position');
      const row = rows[0];
      if (row === undefined || row.starts_at.getTime() !== startsAt) return undefined;
      const at = row.at.getTime();
      if (Number(row.seed) === seed) return { at, kind: row.kind, flightId: row.flight_id };
      return { at: Math.floor(at / MINUTE_MS) * MINUTE_MS, kind: 'departure', flightId: '' };
    },
    async save({ startsAt, seed }, position) {
      await pool.query(
        `INSERT INTO position (starts_at, seed, at, kind, flight_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (only_row) DO UPDATE SET (starts_at, seed, at, kind, flight_id, saved_at) =
           (excluded.starts_at, excluded.seed, excluded.at, excluded.kind, excluded.flight_id, now())`,
        [new Date(startsAt), seed, new Date(position.at), position.kind, position.flightId],
      );
    },
  };
}
