/**
 * The delivery pipeline: build → verify → deploy → observe → feedback.
 *
 * in: DeliveryFacts → out: Delivery, every stage's result; deliveryReport puts it in the form that all pipelines share.
 */
import type { PipelineReport, StageReport } from 'service-chassis';
import { build } from './build.js';
import type { Built, BuiltFile, FoundManifest } from './build.js';
import { deploy } from './deploy.js';
import type { Deployed, Deployment } from './deploy.js';
import { feedBack } from './feedback.js';
import type { FedBack } from './feedback.js';
import { observe } from './observe.js';
import type { Observed } from './observe.js';
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
  deployment: Deployment;
  traffic: Traffic;
}

export interface Delivery {
  built: Built;
  verified: Verified;
  deployed: Deployed;
  observed: Observed;
  fedBack: FedBack;
}

export function deliver(facts: DeliveryFacts): Delivery {
  const built = build(facts.manifest);
  const verified = verify(built, facts.files, { required: facts.manifestRequired });
  const deployed = deploy(verified, facts.deployment);
  const observed = observe(deployed, facts.traffic, OBJECTIVES);
  const fedBack = feedBack(verified, observed);
  return { built, verified, deployed, observed, fedBack };
}

export function deliveryReport(
  { built, verified, deployed, observed, fedBack }: Delivery,
  now: Date,
): PipelineReport {
  const stages = { build: built, verify: verified, deploy: deployed, observe: observed, feedback: fedBack };
  return {
    pipeline: 'devops',
    updatedAt: now.toISOString(),
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
