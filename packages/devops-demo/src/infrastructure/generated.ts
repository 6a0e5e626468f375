/**
 * Generated files: all that this program writes into `infrastructure/`, so that a person need not keep it in step by hand.
 *
 * in: the code and docker-compose.yml → out: path and content of each file
 *
 * Rule: the committed file is what the program generates; a test compares them.
 */
import { parse, stringify } from 'yaml';
import { OBJECTIVES } from '../delivery/slo.js';
import { dashboardJson } from './grafana/dashboard.js';
import { DASHBOARDS } from './grafana/dashboards.js';
import { kubernetesManifests } from './kubernetes/manifests.js';
import { burnRateRules } from './prometheus/burn-rate.js';
import { stackOf } from './swarm/stack.js';

export interface GeneratedFile {
  /** Below `infrastructure/`. */
  readonly path: string;
  readonly content: string;
}

export function generatedFiles(composeFile: string): GeneratedFile[] {
  return [
    { path: 'prometheus/slo.yml', content: yaml([burnRateRules(OBJECTIVES)], 'prometheus/burn-rate.ts') },
    {
      path: 'swarm/stack.yml',
      content: yaml([stackOf(parse(composeFile, { merge: true }))], 'swarm/stack.ts'),
    },
    ...kubernetesManifests().map(({ path, objects }) => ({ path, content: yaml(objects, 'kubernetes/') })),
    ...DASHBOARDS.map((dashboard) => ({
      path: `grafana/dashboards/${dashboard.uid}.json`,
      content: `${JSON.stringify(dashboardJson(dashboard), null, 2)}\n`,
    })),
  ];
}

function yaml(documents: readonly unknown[], source: string): string {
  const note = `# Generated from src/infrastructure/${source}. Change that, then run: npx devops generate\n`;
  const options = { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false };
  return note + documents.map((document) => stringify(document, options)).join('---\n');
}
