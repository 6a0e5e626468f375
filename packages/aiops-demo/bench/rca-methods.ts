/** Ways to rank causes, side by side: each takes an incident and returns services with a score, or in order. */
import { deviations, lossesOf, personalisedPageRank, rankByMetrics } from 'aiops-demo';
import type { MetricIncident } from 'aiops-demo';

export type Ranking = readonly (string | { readonly node: string; readonly score: number })[];
export type RankingMethod = (incident: MetricIncident) => Ranking;

export const ours: RankingMethod = (incident) => rankByMetrics(incident).map(({ service }) => service);

/** All services tie: the scorer then counts the chance of a blind guess. */
export const random: RankingMethod = ({ incident }) =>
  [...incident.keys()].map((node) => ({ node, score: 0 }));

/** Every service by how unusual it is, in the symptom's own metric. */
export const largestDeviation: RankingMethod = ({ normal, incident, symptom }) =>
  [...deviations(normal, incident, symptom.kind)].map(([node, { unusual }]) => ({ node, score: unusual }));

/** The smallest weight of staying, as the live system had it before blame-flow.ts. */
const LEAST_STAY = 0.05;

/** MonitorRank's and MicroRCA's walk: restart at the symptom, follow calls by how unusual the callee is. */
export const pageRank: RankingMethod = ({ normal, incident, symptom, graph }) => {
  const unusual = new Map(
    [...deviations(normal, incident, symptom.kind)].map(([service, excess]) => [
      service,
      Math.max(0, excess.unusual),
    ]),
  );
  const callees = new Map<string, string[]>();
  for (const { from, to } of graph) callees.set(from, [...(callees.get(from) ?? []), to]);
  const of = (service: string) => unusual.get(service) ?? 0;
  const weight = (from: string, to: string) => {
    if (from !== to) return callees.get(from)?.includes(to) === true ? of(to) : 0;
    return Math.max(LEAST_STAY, of(from) - Math.max(0, ...(callees.get(from) ?? []).map(of)));
  };
  const nodes = [...incident.keys()];
  const scores = personalisedPageRank(nodes, weight, new Map([[symptom.service, 1]]));
  return [...scores].map(([node, score]) => ({ node, score }));
};

/** Losses without the graph: what the flow of blame adds to them. */
export const largestLoss: RankingMethod = ({ normal, incident, symptom }) =>
  lossesOf(normal, incident, symptom.kind).map(({ service, size }) => ({ node: service, score: size }));
