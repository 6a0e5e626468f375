/**
 * A number as a person reads it, in the unit of its signal.
 *
 *   inUnit(0.234, 'ratio') // '23 %'
 *   inUnit(0.0042, 's')    // '4.2 ms'
 *   inUnit(1.5e8, 'bytes') // '150 MB'
 */
import type { Signal } from './signals.js';

export function inUnit(value: number, unit: Signal['unit']): string {
  if (unit === 'ratio') return `${short(value * 100)} %`;
  if (unit === 's') return Math.abs(value) < 1 ? `${short(value * 1_000)} ms` : `${short(value)} s`;
  if (unit === 'bytes') return `${short(value / 1e6)} MB`;
  return unit === 'state' ? short(value) : `${short(value)} ${unit}`;
}

/** Two significant digits below ten, none after the point above. */
function short(value: number): string {
  if (Math.abs(value) >= 10) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}
