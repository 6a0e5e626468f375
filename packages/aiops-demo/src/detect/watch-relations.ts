/**
 * Watches the relations between the signals of each service: do they still fit together?
 *
 * in: the samples of one evaluation → out: ServiceRelation[], the broken ones
 *
 * Rule: one relation detector (relation-detector.ts) for each service. Explaining evidence only: a broken relation opens no
 * incident, as a user may not notice it.
 * When it misleads: a service of which a signal is missing is not judged.
 *
 *   // CPU no longer follows the requests of flights-api → [{ service: 'flights-api', signal: 'flights-api/cpu', … }]
 */
import type { Signal, SignalSample } from '../signals.js';
import { createRelationDetector } from './relation-detector.js';
import type { BrokenRelation, RelationDetector } from './relation-detector.js';

export interface ServiceRelation extends BrokenRelation {
  readonly service: string;
}

export type RelationMemory = readonly {
  readonly service: string;
  readonly signalIds: readonly string[];
  readonly detector: RelationDetector;
}[];

export function createRelationMemory(signals: readonly Signal[]): RelationMemory {
  const services = [...new Set(signals.map(({ service }) => service))];
  return services.flatMap((service) => {
    const signalIds = signals.filter((signal) => signal.service === service).map(({ id }) => id);
    return signalIds.length < 2 ? [] : [{ service, signalIds, detector: createRelationDetector(signalIds) }];
  });
}

export function watchRelations(
  samples: ReadonlyMap<string, SignalSample>,
  now: number,
  memory: RelationMemory,
): ServiceRelation[] {
  return memory.flatMap(({ service, signalIds, detector }) => {
    const values = signalIds.map((id) => samples.get(id)?.value ?? null);
    const { relation } = detector.next(now, values);
    return relation === null ? [] : [{ service, ...relation }];
  });
}
