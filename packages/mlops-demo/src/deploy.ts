/**
 * Stage 10, deploy: let the alias `production` name the new version.
 *
 * in:  a registered version → out: what was in production before, and what is now
 *
 * Rule: deploying a model moves a name, not files. The server follows the alias; going back is the same step with the old name.
 *
 * When it misleads: the alias says what should be served. What is served is what the server answers to GET /v1/model.
 */

/** The part of the registry that deploying needs. */
export interface HasProduction {
  production(): Promise<string | undefined>;
  promote(version: string, because: string): Promise<void>;
}

/** What changed. */
export interface Deployed {
  version: string;
  previous: string | undefined;
  because: string;
}

/** Points production at the version. */
export async function deploy(version: string, registry: HasProduction): Promise<Deployed> {
  const previous = await registry.production();
  await registry.promote(version, 'a run passed the gate');
  return { version, previous, because: because(version, previous) };
}

function because(version: string, previous: string | undefined): string {
  if (previous === undefined) return `production is ${version}, the first model`;
  if (previous === version) return `production stays ${version}`;
  return `production is ${version}, before it was ${previous}`;
}
