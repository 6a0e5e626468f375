/** DORA's four measures: the number, what it means, and on how many cases it rests. */
import type { Delivered } from '../src/deployments.js';
import { counted, percentInWords, secondsInWords } from './words.js';

/** No deployment is no rate; a zero would be praise. */
const NONE_YET = 'none yet';

export function Measures({ delivered }: { delivered: Delivered }) {
  const { deployments, failed, changes, recovered, stillFailing, secondsBetweenDeployments } = delivered;
  const every =
    secondsBetweenDeployments === null ? '' : `, one every ${secondsInWords(secondsBetweenDeployments)}`;
  const failing = stillFailing === 0 ? '' : `, ${stillFailing} still failing`;
  return (
    <dl class="measures">
      <Measure
        name="Deployment frequency"
        meaning="how often a release ends: with everybody, or rolled back"
        value={`${Number(delivered.deploymentsPerDay.toFixed(2))} a day`}
        cases={`${counted(deployments, 'deployment')}${every}`}
      />
      <Measure
        name="Change lead time"
        meaning="from commit to promotion, the median change"
        value={inSeconds(delivered.leadTimeSeconds)}
        cases={counted(changes, 'change')}
      />
      <Measure
        name="Change fail rate"
        meaning="deployments rolled back, or found to hurt users, of all"
        value={delivered.changeFailRate === null ? NONE_YET : percentInWords(delivered.changeFailRate)}
        cases={`${failed} of ${counted(deployments, 'deployment')}`}
      />
      <Measure
        name="Failed deployment recovery"
        meaning="from when users could first meet it until they are served well again, the median"
        value={inSeconds(delivered.recoverySeconds)}
        cases={`${recovered} recovered${failing}`}
      />
    </dl>
  );
}

function Measure(props: { name: string; meaning: string; value: string; cases: string }) {
  const { name, meaning, value, cases } = props;
  return (
    <div>
      <dt>{name}</dt>
      <dd class="value">{value}</dd>
      <dd>{cases}</dd>
      <dd>{meaning}</dd>
    </div>
  );
}

function inSeconds(seconds: number | null): string {
  return seconds === null ? NONE_YET : secondsInWords(seconds);
}
