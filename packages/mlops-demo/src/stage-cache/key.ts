/**
 * The key of a stage: what it depends on, as one digest.
 *
 * in:  stage, digest of its code, its inputs and parameters → out: 64 hexadecimal digits
 *
 * Rule: SHA-256 of canonical JSON. What has a digest (another stage's output, a file) is represented by it, all else by itself.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from 'devops-demo/audit';

/** Something large, represented by its digest until somebody needs it. */
export interface Given<Value> {
  digest: string;
  value(): Promise<Value>;
}

/** What a stage depends on: outputs of other stages, things given, parameters. */
export type Depends = Readonly<Record<string, unknown>>;

/** The same with the values themselves. */
export type Inputs<D extends Depends> = {
  [Name in keyof D]: D[Name] extends Given<infer Value> ? Value : D[Name];
};

/** Part of every key: another format of entries is another cache. */
const FORMAT = 1;

export function keyOf(stage: string, code: string, depends: Depends): string {
  const inputs = Object.entries(depends).map(([name, it]) => [
    name,
    isGiven(it) ? { digest: it.digest } : it,
  ]);
  const text = canonicalJson({ format: FORMAT, stage, code, inputs: Object.fromEntries(inputs) as unknown });
  return createHash('sha256').update(text).digest('hex');
}

/** One after the other: the backend must be there before a network is loaded onto it. */
export async function valuesOf<D extends Depends>(depends: D): Promise<Inputs<D>> {
  const values: Record<string, unknown> = {};
  for (const [name, it] of Object.entries(depends)) values[name] = isGiven(it) ? await it.value() : it;
  return values as Inputs<D>;
}

function isGiven(it: unknown): it is Given<unknown> {
  return typeof it === 'object' && it !== null && 'digest' in it && 'value' in it;
}
