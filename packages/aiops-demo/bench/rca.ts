/**
 * Root-cause benchmark: `npm run -s bench:rca -- --kit DIR --out FILE`.
 *
 * Ranks causes for every incident of the PetShop kit, writes them, and prints how often the true cause is first or among
 * the first three, beside baselines and published figures. The causes are known to the kit's scorer alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rankByMetrics } from 'aiops-demo';
import { benchOptions } from './options.js';
import { readPetShop } from './petshop.js';
import type { PetShopIncident } from './petshop.js';
import { busier, halfAsStrong, halfNormal, losing } from './rca-damage.js';
import { largestDeviation, largestLoss, ours, pageRank, random } from './rca-methods.js';
import type { Ranking, RankingMethod } from './rca-methods.js';
import { published } from './rca-published.js';
import { scoreRankings } from './rca-score.js';
import type { Figures, Scores } from './rca-score.js';

const METHODS: readonly (readonly [name: string, method: RankingMethod])[] = [
  ['ours: blame flow', ours],
  ['personalised PageRank', pageRank],
  ['largest loss, no graph', largestLoss],
  ['largest deviation, no graph', largestDeviation],
  ['random', random],
];

const DAMAGES: readonly (readonly [name: string, method: RankingMethod])[] = [
  ['ours, 10 % of values lost', (incident) => ours(losing10(incident))],
  ['ours, 30 % of values lost', (incident) => ours(losing30(incident))],
  ['ours, half of normal time', (incident) => ours(halfNormal(incident))],
  ['ours, faults half as strong', (incident) => ours(weakened(incident))],
  ['ours, twice the traffic, all 15 % slower', (incident) => ours(busier(incident))],
];
const [losing10, losing30, weakened] = [losing(0.1), losing(0.3), halfAsStrong()];
const NAME_WIDTH = 42;

function main(): void {
  const { kit, out } = benchOptions('petshop');
  if (kit === undefined) {
    say('bench:rca is skipped: the PetShop data are not there. Give their folder with --kit DIR.');
    return;
  }
  const incidents = readPetShop(kit);
  if (out !== undefined) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(rankAll(incidents, ours), null, 1)}\n`);
  }
  say(`root cause, PetShop, ${incidents.length} incidents: true cause first / among the first three`);
  say(
    `${'method'.padEnd(NAME_WIDTH)}${'latency'.padStart(14)}${'availability'.padStart(14)}${'all'.padStart(14)}${'MRR'.padStart(8)}`,
  );
  for (const [name, method] of METHODS) say(line(name, scoreRankings(kit, rankAll(incidents, method))));
  for (const { name, scores } of published) say(line(name, scores));
  for (const [name, method] of DAMAGES) say(line(name, scoreRankings(kit, rankAll(incidents, method))));
  say('published: of the low_traffic scenario only; sources in bench/rca-published.ts');
  say('nothing here is fitted to incidents, so there is nothing to leave out');
  const [first] = incidents;
  if (first !== undefined) showEvidence(first);
}

function rankAll(incidents: readonly PetShopIncident[], method: RankingMethod): Record<string, Ranking> {
  return Object.fromEntries(incidents.map((incident) => [incident.id, method(incident)]));
}

function line(name: string, scores: Scores | null): string {
  if (scores === null) return `${name.padEnd(NAME_WIDTH)}  not scored: no scorer or no truth beside the kit`;
  const pair = ({ top1, top3 }: Figures) => `${share(top1)} / ${share(top3)}`.padStart(14);
  const { latency, availability, all } = scores;
  return `${name.padEnd(NAME_WIDTH)}${pair(latency)}${pair(availability)}${pair(all)}${share(all.mrr).padStart(8)}`;
}

function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function showEvidence(incident: PetShopIncident): void {
  const { service, kind } = incident.symptom;
  say(`\n${incident.id}, symptom ${kind} of ${service}; the first three suspects with their evidence:`);
  for (const cause of rankByMetrics(incident).slice(0, 3)) {
    say(`  ${cause.score.toFixed(2)} ${cause.service}`);
    for (const sentence of cause.evidence) say(`       ${sentence}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`bench:rca: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
