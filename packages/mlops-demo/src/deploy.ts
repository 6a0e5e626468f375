/**
 * Stage 11, deploy: let the alias `production` name the new version.
 *
 * in:  a registered version, and what was in production when it was compared → out: what was in production before, and what is now
 *
 * Rule: deploying a model moves a name, not files. The server follows the alias; going back is the same step with the old name. Where
 * another version has come into production since the comparison, the registry refuses: this one was not compared with it.
 *
 * When it misleads: the alias says what should be served. What is served is what the server answers to GET /v1/model.
 */

/** The part of the registry that deploying needs. */
export interface HasProduction {
  production(): Promise<string | undefined>;
  promote(version: string, promotion: Promotion): Promise<void>;
}

/** Why, on whose word, and in whose place; null: nothing has been in production. */
export interface Promotion {
  because: string;
  by: string;
  replaces: string | null;
}

/** A person's decision against the gate's, which the audit log keeps. */
export interface Force {
  by: string;
  because: string;
}

/** The gate's word, or that of whoever overrules it. */
export function promotionOf(
  gate: { state?: string | undefined; because: string },
  force: Force | undefined,
  replaces: string | null,
): Promotion {
  if (gate.state !== 'failed' || force === undefined)
    return { by: 'pipeline', because: 'a run passed the gate', replaces };
  return { by: force.by, because: `${force.because} (against the gate: ${gate.because})`, replaces };
}

/** What changed. */
export interface Deployed {
  version: string;
  previous: string | undefined;
  because: string;
}

/** Points production at the version. */
export async function deploy(
  version: string,
  registry: HasProduction,
  promotion: Promotion,
): Promise<Deployed> {
  const previous = await registry.production();
  await registry.promote(version, promotion);
  return { version, previous, because: because(version, previous) };
}

function because(version: string, previous: string | undefined): string {
  if (previous === undefined) return `production is ${version}, the first model`;
  if (previous === version) return `production stays ${version}`;
  return `production is ${version}, before it was ${previous}`;
}
