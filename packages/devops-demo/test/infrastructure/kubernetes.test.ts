import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { IMAGE } from '../../src/infrastructure/kubernetes/pod.js';
import { SERVICES } from '../../src/infrastructure/kubernetes/services.js';
import { policy } from '../../src/infrastructure/policy.js';
import { workloadsOfKubernetes } from '../../src/infrastructure/policy/kubernetes-file.js';
import { INFRASTRUCTURE } from './tools.js';

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
      expect(composed?.command).toEqual([
        'node',
        `--max-old-space-size=${spec.heapMiB}`,
        '--max-semi-space-size=2',
        spec.program,
      ]);
      expect(composed?.mem_limit).toBe(`${spec.memoryMiB}m`);
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
