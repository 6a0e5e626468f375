import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { STEPS_PER_CENT } from '../../src/delivery/shift-traffic.js';
import { IMAGE } from '../../src/infrastructure/kubernetes/pod.js';
import { SERVICES } from '../../src/infrastructure/kubernetes/services.js';
import { policy } from '../../src/infrastructure/policy.js';
import { workloadsOfKubernetes } from '../../src/infrastructure/policy/kubernetes-file.js';
import { INFRASTRUCTURE, isHere, run } from './tools.js';

const FOLDER = join(INFRASTRUCTURE, 'kubernetes');
const REPOSITORY = join(INFRASTRUCTURE, '../../..');
const require = createRequire(import.meta.url);

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}
type Model = new (content: object) => { validate(): void };

/** Checks an object against the schema of its kind, taken from the Kubernetes API's OpenAPI document. @throws what is wrong */
function validate(object: KubernetesObject): void {
  const library = object.apiVersion.startsWith('argoproj.io/')
    ? '@kubernetes-models/argo-rollouts'
    : 'kubernetes-models';
  const models = require(`${library}/${object.apiVersion}/${object.kind}`) as Record<
    string,
    Model | undefined
  >;
  const model = models[object.kind];
  if (model === undefined) throw new Error(`no schema of ${object.apiVersion} ${object.kind}`);
  new model(object).validate();
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort((a, b) => a.localeCompare(b));
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const objectsOf = (file: string) =>
  parseAllDocuments(textOf(file)).map((document) => document.toJS() as KubernetesObject);
const objects = files.flatMap(objectsOf);
const of = (kind: string) => objects.filter((object) => object.kind === kind);

describe('Kubernetes manifests', () => {
  test.each(files.flatMap((file) => objectsOf(file).map((object) => [file, object.kind, object] as const)))(
    '%s: the %s is as the API schema says',
    (_file, _kind, object) => {
      expect(() => validate(object)).not.toThrow();
    },
  );

  it('the schemas refuse what the API would refuse', () => {
    const [deployment] = of('Deployment') as (KubernetesObject & { spec: Record<string, unknown> })[];
    if (deployment === undefined) throw new Error('no deployment');
    const withSpec = (change: object) => ({ ...deployment, spec: { ...deployment.spec, ...change } });
    expect(() => validate(withSpec({ replicas: 'two' }))).toThrow('replicas');
    expect(() => validate(withSpec({ selector: undefined }))).toThrow('selector');
    expect(() => validate({ ...deployment, kind: 'Deploiment' })).toThrow('Deploiment');
  });

  it('hold for each service all that it needs', () => {
    const names = SERVICES.map(({ name }) => name).sort();
    const namesOf = (kind: string) => of(kind).map(({ metadata }) => metadata.name);
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget']) {
      expect([kind, ...namesOf(kind)].sort()).toEqual([kind, ...names].sort());
    }
    expect(namesOf('NetworkPolicy').sort()).toEqual([...names, 'deny-by-default'].sort());
    expect(namesOf('HorizontalPodAutoscaler')).toEqual(['flights-api']);
    expect(of('CronJob')).toHaveLength(1);
    expect(
      objects.every(({ kind, metadata }) => kind === 'Namespace' || metadata.namespace === 'triops'),
    ).toBe(true);
  });

  it('pass the policy', () => {
    const workloads = files.flatMap((file) => workloadsOfKubernetes(textOf(file), file));
    expect(workloads.length).toBeGreaterThanOrEqual(11);
    expect(policy(workloads)).toEqual([]);
  });

  it('run the image of this version', () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(IMAGE).toBe(`triops:${version}`);
  });

  test.each(SERVICES.map((spec) => [spec.name, spec] as const))(
    '%s runs as it does with compose',
    (name, spec) => {
      const { services } = parse(readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8'), {
        merge: true,
      }) as {
        services: Record<
          string,
          { command: string[]; mem_limit: string; environment: Record<string, unknown> }
        >;
      };
      const composed = services[name];
      // With compose a slot's keeper starts the board from an artifact, on a little memory more; here the cluster does its work.
      const slotted = name === 'flights-api';
      expect(composed?.command.slice(slotted ? -2 : 0)).toEqual(
        slotted
          ? ['packages/devops-demo/dist/delivery/instances/slot/main.js', 'blue']
          : ['node', `--max-old-space-size=${spec.heapMiB}`, '--max-semi-space-size=2', spec.program],
      );
      expect(composed?.mem_limit).toBe(`${spec.memoryMiB + (slotted ? 64 : 0)}m`);
      expect(composed?.environment['PORT']).toBe(spec.port);
      expect('DATABASE_URL_FILE' in (composed?.environment ?? {})).toBe(spec.needsDatabase);
      for (const variable of Object.keys(spec.environment))
        expect(composed?.environment).toHaveProperty(variable);
    },
  );

  it('let through every connection that an address in the environment asks for', () => {
    for (const { environment, asks } of SERVICES) {
      const asked = Object.values(environment).flatMap(
        (value) => /^http:\/\/([a-z-]+):/.exec(value)?.[1] ?? [],
      );
      expect(asks).toEqual(expect.arrayContaining(asked));
    }
  });
});

it('a rollout takes the steps that our own release takes', () => {
  const [rollout] = of('Rollout') as (KubernetesObject & {
    spec: { strategy: { canary: { steps: { setWeight?: number }[] } } };
  })[];
  const weights = rollout?.spec.strategy.canary.steps.flatMap(({ setWeight }) => setWeight ?? []);
  expect(weights).toEqual([...STEPS_PER_CENT]);
});

describe.skipIf(!isHere('promtool'))('the canary query (skipped where promtool is not on the path)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triops-canary-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const templates = of('AnalysisTemplate') as unknown as { spec: { metrics: Metric[] } }[];
  const successRate = templates[0]?.spec.metrics.find(({ name }) => name === 'success-rate');
  const query = (successRate?.provider.prometheus.query ?? '')
    .replaceAll('{{args.job}}', 'flights-api')
    .replaceAll('{{args.canary-hash}}', 'new')
    .replaceAll('{{args.stable-hash}}', 'old');

  /** Failures and requests within the two minutes of a window. */
  function series(hash: string, [failures, requests]: readonly [number, number]): object[] {
    const name = `http_server_request_duration_seconds_count{job="flights-api",http_route="/v1/flights",rollouts_pod_template_hash="${hash}"`;
    const counting = (count: number) => `0+${count / 4}x20`;
    return [
      { series: `${name},http_response_status_code="200"}`, values: counting(requests - failures) },
      { series: `${name},http_response_status_code="500"}`, values: counting(failures) },
    ];
  }

  test.each([
    // z = 0.1 / sqrt(0.03 × 0.97 × (1/100 + 1/400)) = 5.24 > 3.023
    ['11 of 100 against 4 of 400 fails', [11, 100], [4, 400], -2],
    // 0 + 2.576 × sqrt(0.001/1000 + 0.00025/4000) = 0.0027 < 0.02
    ['no failure in 1,000 against none in 4,000 passes', [0, 1_000], [0, 4_000], 1],
    // z = 1.46 says nothing, and 0.0133 + 2.576 × 0.0231 = 0.073 proves nothing
    ['1 of 60 against 2 of 600 is inconclusive', [1, 60], [2, 600], 0],
    ['both failing alike is no fault of the canary', [30, 1_000], [120, 4_000], 1],
    ['30 requests are too few for a word', [30, 30], [0, 400], undefined],
  ] as const)('%s', (_, canary, stable, verdict) => {
    const content = {
      evaluation_interval: '30s',
      tests: [
        {
          interval: '30s',
          input_series: [...series('new', canary), ...series('old', stable)],
          promql_expr_test: [
            {
              expr: query,
              eval_time: '5m',
              exp_samples: verdict === undefined ? [] : [{ labels: '{}', value: verdict }],
            },
          ],
        },
      ],
    };
    const file = join(folder, 'canary.test.yml');
    writeFileSync(file, stringify(content));
    expect(run('promtool', ['test', 'rules', file])).toEqual({
      status: 0,
      said: expect.stringContaining('SUCCESS'),
    });
  });
});

interface Metric {
  name: string;
  provider: { prometheus: { query: string } };
}
