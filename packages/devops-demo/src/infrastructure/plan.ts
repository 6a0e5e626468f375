/**
 * Plan: what would have to change so that what runs is what is declared.
 *
 * in: DeclaredService[], Instance[] → out: Difference[], empty when nothing drifted
 *
 * Rule: both sides are told in the same facts (image, build, memory, ports, …). Every declared fact must be found at every
 * instance; a service without an instance, and an instance without a service, are differences too.
 * When it misleads: facts that are not declared are not compared. A mounted file counts as not in use when it changed after the start,
 * though the program may have read it anew, and a fresh checkout changes files without changing a word.
 * Source: the word and the exit code are those of Terraform's `plan -detailed-exitcode`, for one machine.
 *
 *   plan([{ service: 'gateway', optional: false, facts: { memory: '48 MiB' } }], [{ service: 'gateway', container: 'g1', facts: { memory: '64 MiB' } }])
 *   // [{ service: 'gateway', what: 'memory', declared: '48 MiB', running: '64 MiB' }]
 */
export type Facts = Readonly<Record<string, string>>;

export interface DeclaredService {
  readonly service: string;
  /** Of a profile: it may run, and need not. */
  readonly optional: boolean;
  readonly facts: Facts;
}

export interface Instance {
  readonly service: string;
  readonly container: string;
  readonly facts: Facts;
}

export interface Difference {
  readonly service: string;
  readonly what: string;
  readonly declared: string;
  readonly running: string;
}

export function plan(declared: readonly DeclaredService[], running: readonly Instance[]): Difference[] {
  const known = new Set(declared.map(({ service }) => service));
  const strangers = running.filter(({ service }) => !known.has(service));
  return [
    ...declared.flatMap((each) =>
      differencesOf(
        each,
        running.filter(({ service }) => service === each.service),
      ),
    ),
    ...strangers.map(({ service, container }) => difference(service, 'service', 'absent', container)),
  ];
}

function differencesOf(
  { service, optional, facts }: DeclaredService,
  instances: readonly Instance[],
): Difference[] {
  if (instances.length === 0) return optional ? [] : [difference(service, 'service', 'present', 'absent')];
  return instances.flatMap((instance) =>
    Object.entries(facts)
      .filter(([what, value]) => !isMet(value, instance.facts[what]))
      .map(([what, value]) => difference(service, what, value, instance.facts[what] ?? 'unset')),
  );
}

/** A declared fact may name alternatives: `exited 0 or running`. */
function isMet(declared: string, running: string | undefined): boolean {
  return running !== undefined && (declared === running || declared.split(' or ').includes(running));
}

function difference(service: string, what: string, declared: string, running: string): Difference {
  return { service, what, declared, running };
}
