/** The last deployments: which version, when, and what became of it. */
import type { Deployment } from '../src/deployments.js';
import { StateIcon } from './icons.js';
import { dayAndClock, secondsInWords, withClockTimes } from './words.js';

export function LatestDeployments({ latest, now }: { latest: Deployment[]; now: string }) {
  if (latest.length === 0) return <p class="empty">No release has met users yet.</p>;
  return (
    <ol class="entries">
      {latest.map((deployment) => {
        const { state, words } = whatBecame(deployment);
        const { subject, endedAt, because } = deployment;
        return (
          <li key={subject + endedAt} class={`entry ${state}`}>
            <StateIcon state={state} />
            <p class="name">
              <strong>{subject}</strong> <span class="state">{words}</span>
            </p>
            <time dateTime={endedAt}>{dayAndClock(endedAt, now)}</time>
            <p class="because">{withClockTimes(because)}</p>
          </li>
        );
      })}
    </ol>
  );
}

function whatBecame({ outcome, failedAt, recoveredAt }: Deployment) {
  const state = failedAt === undefined ? 'passed' : recoveredAt === undefined ? 'failed' : 'trouble';
  const how = outcome === 'promoted' ? 'promoted' : 'rolled back';
  if (failedAt === undefined) return { state, words: how } as const;
  if (recoveredAt === undefined) return { state, words: `${how}, still failing` } as const;
  const seconds = Math.max(0, (Date.parse(recoveredAt) - Date.parse(failedAt)) / 1_000);
  // What was rolled back was sent users; only of a promoted version somebody has said that it hurt them.
  const users = outcome === 'promoted' ? 'users were hurt' : 'users could meet it';
  return { state, words: `${how}, ${users} for ${secondsInWords(seconds)}` } as const;
}
