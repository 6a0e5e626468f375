/** May a release go out? What is left of each error budget, how fast it is spent, and what the tests said. */
import type { Budget, ServiceLevel } from '../src/may-release.js';
import type { RoomState } from '../src/room.js';
import { StateIcon } from './icons.js';
import { Meter } from './meter.js';
import { asSentence, countInWords, percentInWords } from './words.js';

export function MayRelease({ level, tests }: { level: ServiceLevel; tests: RoomState['tests'] }) {
  const { frozen, because, budgets } = level;
  return (
    <>
      <p class={`verdict ${frozen ? 'bad' : 'good'}`}>
        <StateIcon state={frozen ? 'failed' : 'passed'} />
        <span>
          <strong>{frozen ? 'Releases are frozen' : 'Releases are not frozen'}</strong>: {asSentence(because)}
        </span>
      </p>
      <ul class="entries">
        {budgets.map((budget) => (
          <BudgetLeft key={budget.objective} budget={budget} />
        ))}
      </ul>
      <p class="tests">
        <strong>Tests of the version in service</strong>:{' '}
        {asSentence(tests.kind === 'missing' ? `not known, ${tests.because}` : tests.value)}
        {tests.kind === 'stale' && ` This is old: ${asSentence(tests.because)}`}
      </p>
    </>
  );
}

/** Less than this is worth a look before the next risk is taken. */
const LITTLE_LEFT = 0.25;

function BudgetLeft({ budget }: { budget: Budget }) {
  const { objective, target, requests, allowed, spent, remaining } = budget;
  return (
    <li class="entry">
      <p class="name">
        <strong>{objective}</strong>{' '}
        <span class="state">{Number((target * 100).toFixed(3))} % of requests</span>
      </p>
      <b>{leftInWords(remaining)}</b>
      {remaining !== null && <Meter share={remaining} state={stateOf(remaining)} />}
      <p class="because">
        {countInWords(spent)} of {countInWords(Math.floor(allowed))} allowed bad requests in{' '}
        {countInWords(requests)}. {burnInWords(budget.burnRates)}
      </p>
    </li>
  );
}

function stateOf(remaining: number): 'good' | 'warn' | 'bad' {
  if (remaining <= 0) return 'bad';
  return remaining < LITTLE_LEFT ? 'warn' : 'good';
}

function leftInWords(remaining: number | null): string {
  if (remaining === null) return 'too few requests to say';
  if (remaining > 0) return `${percentInWords(remaining)} left`;
  return remaining === 0 ? 'empty' : `empty, overdrawn by ${percentInWords(-remaining)}`;
}

/** A burn rate of 1 spends exactly the budget of thirty days in thirty days. */
function burnInWords(rates: Budget['burnRates']): string {
  const each = rates.map(({ long, longSeconds, factor, tooFast }) => {
    const rate = long === null ? 'no requests' : `${Number(long.toFixed(long < 0.1 ? 3 : 1))}×`;
    return `${rate} in ${windowInWords(longSeconds)}${tooFast ? ` (too fast, limit ${factor}×)` : ''}`;
  });
  return each.length === 0 ? '' : `Burn rate: ${each.join(', ')}.`;
}

const HOUR_SECONDS = 3_600;

function windowInWords(seconds: number): string {
  const hours = seconds / HOUR_SECONDS;
  return hours < 48 ? `${hours} h` : `${hours / 24} days`;
}
