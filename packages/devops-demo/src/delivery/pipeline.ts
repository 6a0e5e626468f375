/**
 * The delivery pipeline: build → verify → deploy → shift-traffic → observe → analyze → release → feedback.
 *
 * in: DeliveryFacts → out: Delivery, every stage's result; deliveryReport puts it in the form that all pipelines share.
 */
import type { PipelineReport, StageReport } from 'service-chassis';
import { build } from './build.js';
import type { Built, BuiltFile, FoundManifest } from './build.js';
import type { Tested } from './ci-report.js';
import { deploy } from './deploy.js';
import type { Deployed, Deployment } from './deploy.js';
import { feedBack } from './feedback.js';
import type { FedBack } from './feedback.js';
import { observe } from './observe.js';
import type { Observed } from './observe.js';
import type { Release } from './release.js';
import { analyzed, released } from './release/stages.js';
import type { Analyzed, Released } from './release/stages.js';
import { shiftTraffic } from './shift-traffic.js';
import type { Shifted } from './shift-traffic.js';
import { OBJECTIVES } from './slo.js';
import type { Stage } from './stage.js';
import type { Traffic } from './traffic.js';
import { verify } from './verify.js';
import type { Verified } from './verify.js';

/** What is known of one running instance. */
export interface DeliveryFacts {
  manifest: FoundManifest;
  files: readonly BuiltFile[];
  manifestRequired: boolean;
  /** What is known of the commit's run of the tests, where that can be read. */
  tested?: Tested | undefined;
  deployment: Deployment;
  traffic: Traffic;
  /** The release that runs or was the last, seen from this instance; undefined before the first. */
  release?: Release | undefined;
  /** That release has no end, and no controller is at it. */
  abandoned?: boolean;
}

export interface Delivery {
  built: Built;
  verified: Verified;
  deployed: Deployed;
  shifted: Shifted;
  observed: Observed;
  analyzed: Analyzed;
  released: Released;
  fedBack: FedBack;
}

export function deliver(facts: DeliveryFacts): Delivery {
  const built = build(facts.manifest, facts.tested);
  const verified = verify(built, facts.files, { required: facts.manifestRequired });
  const deployed = deploy(verified, facts.deployment);
  const shifted = shiftTraffic(facts.release, facts.abandoned);
  const observed = observe(deployed, facts.traffic, OBJECTIVES);
  const judged = analyzed(facts.release);
  const ended = released(facts.release, facts.abandoned);
  const fedBack = feedBack(verified, observed);
  return { built, verified, deployed, shifted, observed, analyzed: judged, released: ended, fedBack };
}

/** The report that all pipelines share, and beside it what is known of the commit's tests. */
export type DeliveryReport = PipelineReport & { tested: Tested | null };

export function deliveryReport(delivery: Delivery, now: Date, tested?: Tested): DeliveryReport {
  const stages = {
    build: delivery.built,
    verify: delivery.verified,
    deploy: delivery.deployed,
    'shift-traffic': delivery.shifted,
    observe: delivery.observed,
    analyze: delivery.analyzed,
    release: delivery.released,
    feedback: delivery.fedBack,
  };
  return {
    pipeline: 'devops',
    updatedAt: now.toISOString(),
    tested: tested ?? null,
    stages: Object.entries(stages).map(stageReport),
  };
}

function stageReport([name, { state, because, seconds }]: [
  string,
  Stage & { seconds?: number },
]): StageReport {
  const file = `packages/devops-demo/src/delivery/${name}.ts`;
  return { name, state, because, file, ...(seconds === undefined ? {} : { seconds }) };
}
