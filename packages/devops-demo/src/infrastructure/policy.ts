/**
 * Policy: what no declared workload may do, checked before it runs.
 *
 * in: Workload[] → out: Refusal[], empty when everything may run
 *
 * Rule: no root, a memory limit, a pinned image, no port open beyond this machine, no secret in plain text, also not in a command, a
 * read-only root file system, no privileges, no engine socket, no folder of the machine. A workload that says nothing is refused: defaults are the image's to choose.
 * When it misleads: it reads declarations. What an image does inside its limits, and what was started by hand, it cannot see;
 * for the second there is `devops plan`.
 * Source: CIS Docker Benchmark 1.6 (2023), sections 4 and 5; Kubernetes Pod Security Standards, "restricted".
 *
 *   policy([{ ...workload, image: 'postgres:latest' }])
 *   // [{ workload: 'docker-compose.yml: postgres', rule: 'pinned-image', because: 'uses postgres:latest, which changes …' }]
 */
import { RULES } from './policy/rules.js';
import type { Workload } from './policy/workload.js';

export interface Refusal {
  readonly workload: string;
  readonly rule: string;
  readonly because: string;
}

export function policy(workloads: readonly Workload[]): Refusal[] {
  return workloads.flatMap((workload) =>
    RULES.flatMap(({ name: rule, refuses }) => {
      const because = refuses(workload);
      return because === undefined ? [] : [{ workload: workload.name, rule, because }];
    }),
  );
}
