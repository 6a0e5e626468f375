/**
 * Slice check: one check of the gate for all slices of a test period, which names the worst.
 *
 * in:  SliceScores[], the least skill first; GateLimits → out: GateCheck
 *
 * Rule: a slice fails below its limit, an hour of the day below its own. Three are named, the others counted.
 *
 * When it misleads: it holds a slice against its own late share, not against the model in production (evaluation/compare-slices.ts does).
 */
import type { SliceScores } from '../evaluation/slices.js';
import type { GateLimits } from '../gate.js';
import type { GateCheck } from '../registry/manifest.js';

const NAMED_SLICES = 3;

export function sliceCheck(name: string, slices: readonly SliceScores[], limits: GateLimits): GateCheck {
  const leastOf = ({ by }: SliceScores): number =>
    by === 'hour' ? limits.leastHourSkill : limits.leastSliceSkill;
  const unfair = slices.filter((slice) => !(slice.skill >= leastOf(slice)));
  if (unfair.length === 0) {
    const [worst] = slices;
    const because = worst === undefined ? 'no slice has enough flights' : `the worst is ${describe(worst)}`;
    return { name, state: 'passed', because: `${name}: ${because}` };
  }
  const named = unfair
    .slice(0, NAMED_SLICES)
    .map((slice) => `${describe(slice)}, at least ${leastOf(slice)} is asked for`);
  const more = unfair.length > NAMED_SLICES ? [`and ${unfair.length - NAMED_SLICES} more`] : [];
  return { name, state: 'failed', because: `${name}: ${[...named, ...more].join(', ')}` };
}

function describe({ by, name, skill, rows }: SliceScores): string {
  return `${by} ${name} with ${skill.toFixed(3)} (${rows.toLocaleString('en-US')} flights)`;
}
