/**
 * Stage 8, compare: the challenger beside the model in production, on the same flights.
 *
 * in:  FlightColumns, Split, the trained model, Champion → out: no champion, not comparable, better, equal, worse or unfair, with the reason
 *
 * Rule: both judge the challenger's test flights in one pass over the events, each with the timetable that it brings along, as they would
 * when they serve. What better means stands in evaluation/compare-with-champion.ts, unfair to a slice in evaluation/compare-slices.ts.
 *   no champion:     nothing is in production, or what is there cannot be loaded (that is said): the limits alone decide
 *   not comparable:  of the test days fewer than three are later than all that the champion has learned from. An older window tried
 *                    against a newer champion is such a case: the champion knows how those days ended
 *   equal:           a model of newer data, too, has to be better on the newest days, or what is in production stays
 * What is in production by this very run has been compared with the one before it, and is not compared with itself (registry/champion).
 *
 * When it misleads: three days, as a challenger of the retraining has (retrain/challenger-plan.ts), show large gains only: one that is better for
 * sure may be called equal and has to come back with later days. Blocks of six hours would see more and promise too much, as
 * hours of a day share its weather (block-interval.ts).
 * The champion may have passed its own gate on these test days, which flatters it a little; the challenger's timetable
 * ends right before them, which is the advantage that it will have when it serves.
 *
 * Source: those of the two files named above.
 *
 * Example: the model of February against that of January, on 22 to 28 February → better, log loss lower by
 * .0772.
 */
import type { FlightColumns } from './data/columns.js';
import { compareSlices, sliceSentence } from './evaluation/compare-slices.js';
import type { SliceComparison } from './evaluation/compare-slices.js';
import { compareWithChampion } from './evaluation/compare-with-champion.js';
import type { ChampionComparison } from './evaluation/compare-with-champion.js';
import { labelled } from './features.js';
import { streamFeatures } from './features/event-pass.js';
import type { Progress } from './features/event-pass.js';
import { timetableForTests } from './features/timetable-choice.js';
import type { TimetableFor, TimetablePlan } from './features/timetable-choice.js';
import { dayNumber } from './flights.js';
import { scoreBatch } from './model.js';
import type { DelayModel } from './model.js';
import type { Champion, LoadedChampion } from './registry/champion.js';
import type { Comparison } from './registry/manifest.js';
import type { Split } from './split.js';

const LEAST_DAYS = 3;
const NAMED_SLICES = 3;
const KEPT_SLICES = 10;

export interface Contest {
  flights: FlightColumns;
  tests: Split['tests'];
  challenger: DelayModel;
  timing: TimetablePlan;
  champion: Champion;
}

export function compare(
  { flights, tests, challenger, timing, champion }: Contest,
  progress?: Progress,
): Comparison {
  const { digest } = champion;
  if (champion.state === 'none')
    return { state: 'no champion', because: champion.because, against: { digest } };
  const { version, trainedThrough } = champion;
  const against = { digest, version };
  // Test periods may share days.
  const tested = new Set(tests.flatMap(({ rows }) => [...rows]));
  const all = labelled(flights, Uint32Array.from(tested).sort());
  const unseen = all.positions.filter((_, row) => all.days[row]! > dayNumber(trainedThrough));
  const { positions, labels, days } = labelled(flights, unseen);
  const count = new Set(days).size;
  if (count < LEAST_DAYS) {
    const tell = `${version} has learned from days through ${trainedThrough}: ${count} of the ${new Set(all.days).size} test days are later`;
    const because = `${tell}, ${LEAST_DAYS} are asked for. Test on later days`;
    return { state: 'not comparable', because, against };
  }
  const judges = [
    { model: challenger, timetableFor: timetableForTests(flights, timing) },
    { model: champion.model, timetableFor: () => champion.timetable },
  ] as const;
  const risks = risksOfBoth(flights, positions, judges, progress);
  const paired = { labels, blocks: days, challenger: risks[0], champion: risks[1] } as const;
  const whole = compareWithChampion(paired);
  const slices = compareSlices(flights, positions, paired);
  const verdict = verdictOn(whole, slices, champion);
  return {
    ...whole,
    ...verdict,
    against,
    rows: labels.length,
    days: count,
    slices: slices.slice(0, KEPT_SLICES),
  };
}

interface Judge {
  model: DelayModel;
  timetableFor: TimetableFor;
}

function risksOfBoth(
  flights: FlightColumns,
  positions: Uint32Array,
  judges: readonly [Judge, Judge],
  progress: Progress | undefined,
): [Float32Array, Float32Array] {
  const risks = [new Float32Array(positions.length), new Float32Array(positions.length)] as const;
  const wanted = judges.map(({ model, timetableFor }, judge) => {
    let scored = 0;
    return {
      positions,
      timetableFor,
      write: (rows: Float32Array) => {
        const some = scoreBatch(model, rows);
        risks[judge]!.set(some, scored);
        scored += some.length;
      },
    };
  });
  streamFeatures(flights, wanted, progress);
  return [...risks];
}

function verdictOn(
  whole: ChampionComparison,
  slices: readonly SliceComparison[],
  { version }: LoadedChampion,
): { state: ChampionComparison['state'] | 'unfair'; because: string } {
  const than = whole.state === 'equal' ? 'equal to' : `${whole.state} than`;
  const because = `${than} ${version}: ${whole.because}`;
  const unfair = slices.filter((slice) => slice.unfair);
  if (unfair.length === 0) return { state: whole.state, because };
  const more = unfair.length > NAMED_SLICES ? [`and ${unfair.length - NAMED_SLICES} more`] : [];
  const named = [...unfair.slice(0, NAMED_SLICES).map(sliceSentence), ...more].join(', ');
  const state = whole.state === 'worse' ? 'worse' : 'unfair';
  return { state, because: `${because}; unfair to ${named}` };
}
