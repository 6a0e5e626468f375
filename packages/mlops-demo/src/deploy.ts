/**
 * Stage 11, deploy: let the alias `production` name the new version.
 *
 * in:  a registered version, and what was in production when it was compared → out: what was in production before, and what is now; or why
 *      nothing has changed
 *
 * Rule: deploying a model moves a name, not files. The server follows the alias; going back is the same step with the old name. Where
 * another version has come into production since the comparison, the registry refuses: this one was not compared with it. What a person
 * has taken out of production comes back by a person's word only: `mlops promote`, or a run with `--force --because`.
 *
 * When it misleads: the alias says what should be served. What is served is what the server answers to GET /v1/model.
 *
 * Example: person:ann rolls 2001-03-31-9d2b36da back, the same run is repeated → failed: 2001-03-31-9d2b36da stays out of production:
 * person:ann took it out: 2001-01-31-5efd13bf took its place: it annoyed customers
 */
import { takenOut } from './registry/stages.js';
import type { StageRecord } from './registry/stages.js';

/** The part of the registry that deploying needs. */
export interface HasProduction {
  production(): Promise<string | undefined>;
  /** How the version stands, and who said so. */
  record(version: string): Promise<StageRecord | undefined>;
  promote(version: string, promotion: Promotion): Promise<void>;
}

/** Why, on whose word, and in whose place; null: nothing has been in production. */
export interface Promotion {
  because: string;
  by: string;
  replaces: string | null;
}

/** A person's decision against the gate's or another person's, which the audit log keeps. */
export interface Force {
  by: string;
  because: string;
}

/** What speaks for the promotion. */
export interface Grounds {
  gate: { state?: string | undefined; because: string };
  force: Force | undefined;
  replaces: string | null;
}

/** What changed, or why nothing has. */
export type Deployed =
  | { state: 'deployed'; version: string; previous: string | undefined; because: string }
  | { state: 'failed'; version: string; previous: string | undefined; because: string };

/** Points production at the version. */
export async function deploy(version: string, registry: HasProduction, grounds: Grounds): Promise<Deployed> {
  const previous = await registry.production();
  const record = await registry.record(version);
  const out = record && takenOut(record);
  if (out !== undefined && grounds.force === undefined && previous !== version) {
    const ways = `\`mlops promote ${version}\` brings it back, or a run with --force --because`;
    return {
      state: 'failed',
      version,
      previous,
      because: `${version} stays out of production: ${out}. ${ways}`,
    };
  }
  await registry.promote(version, promotionOf(grounds, out));
  return { state: 'deployed', version, previous, because: because(version, previous) };
}

/** The gate's word, or that of whoever overrules it, or overrules who has taken the version out. */
function promotionOf({ gate, force, replaces }: Grounds, out: string | undefined): Promotion {
  const against = [
    ...(gate.state === 'failed' ? [`against the gate: ${gate.because}`] : []),
    ...(out === undefined ? [] : [`although ${out}`]),
  ];
  if (force === undefined || against.length === 0)
    return { by: 'pipeline', because: 'a run passed the gate', replaces };
  return { by: force.by, because: `${force.because} (${against.join('; ')})`, replaces };
}

function because(version: string, previous: string | undefined): string {
  if (previous === undefined) return `production is ${version}, the first model`;
  if (previous === version) return `production stays ${version}`;
  return `production is ${version}, before it was ${previous}`;
}
