/**
 * Stage 11, deploy: let the alias `production` name the new version.
 *
 * in:  a registered version, what its run has found, and what was in production when it was compared → out: what was in production before,
 *      and what is now; or why nothing has changed
 *
 * Rule: deploying a model moves a name, not files. The server follows the alias; going back is the same step with the old name. Where
 * another version has come into production since the comparison, the registry refuses: this one was not compared with it. What a person
 * has taken out of production comes back by a person's word only: `mlops promote`, or a run with `--force --because`.
 *
 * When it misleads: the alias says what should be served. What is served is what the server answers to GET /v1/model.
 *
 * Source: the aliases of the MLflow model registry (https://mlflow.org/docs/latest/ml/model-registry/); E. Breck and others, "The ML Test Score"
 * (2017), Infra 7: serving models can be rolled back.
 *
 * Example: person:ann rolls version B back to A, the run that made B is repeated → failed: B stays out of production: person:ann took it out:
 * A took its place: it annoyed customers
 */
import type { Grounds } from './registry/decided.js';
import { takenOut } from './registry/stages.js';
import type { StageRecord } from './registry/stages.js';

/** The part of the registry that deploying needs. */
export interface HasProduction {
  production(): Promise<string | undefined>;
  /** How the version stands, and who said so. */
  record(version: string): Promise<StageRecord | undefined>;
  promote(version: string, promotion: Promotion): Promise<void>;
}

/** Why, on whose word, on what grounds, and in whose place; null: nothing has been in production. */
export interface Promotion {
  because: string;
  by: string;
  replaces: string | null;
  decided: Grounds;
}

/** A person's decision against the gate's or another person's, which the audit log keeps. */
export interface Force {
  by: string;
  because: string;
}

/** What a run has found, and with what it was compared. */
export interface Findings {
  gate: { state?: string | undefined; because: string };
  /** Read when the version is not in production already. */
  compared: () => Promise<Pick<Grounds, 'against' | 'because'>>;
  force: Force | undefined;
  replaces: string | null;
}

/** What changed, or why nothing has. */
export interface Deployed {
  state: 'deployed' | 'failed';
  version: string;
  previous: string | undefined;
  because: string;
}

/** Points production at the version. */
export async function deploy(
  version: string,
  registry: HasProduction,
  findings: Findings,
): Promise<Deployed> {
  const previous = await registry.production();
  const record = await registry.record(version);
  if (previous === version)
    return { state: 'deployed', version, previous, because: `production stays ${version}${since(record)}` };
  const out = record && takenOut(record);
  if (out !== undefined && findings.force === undefined) {
    const ways = `\`mlops promote ${version}\` brings it back, or a run with --force --because`;
    const because = `${version} stays out of production: ${out}. ${ways}`;
    return { state: 'failed', version, previous, because };
  }
  await registry.promote(version, await promotionOf(findings, out));
  const before = previous === undefined ? 'the first model' : `before it was ${previous}`;
  return { state: 'deployed', version, previous, because: `production is ${version}, ${before}` };
}

/** On the gate's word, or that of whoever overrules it, or overrules who has taken the version out. */
async function promotionOf(
  { gate, compared, force, replaces }: Findings,
  out: string | undefined,
): Promise<Promotion> {
  const { against, because } = await compared();
  const isRefused = gate.state === 'failed';
  const found = { replaces, decided: { against, because, gate: isRefused ? 'failed' : 'passed' } } as const;
  const place = replaces === null ? '' : `, in the place of ${replaces}`;
  const passed = `a run passed the gate${place}: ${gate.because}`;
  const overruled = [
    ...(isRefused ? [`against the gate: ${gate.because}`] : [passed]),
    ...(isRefused && replaces !== null ? [`in the place of ${replaces}`] : []),
    ...(out === undefined ? [] : [`although ${out}`]),
  ];
  return force !== undefined && (isRefused || out !== undefined)
    ? { by: force.by, because: `${force.because} (${overruled.join('; ')})`, ...found }
    : { by: 'pipeline', because: passed, ...found };
}

function since(record: StageRecord | undefined): string {
  return record === undefined
    ? ''
    : `: in production already, by the promotion of ${record.since} (${record.by})`;
}
