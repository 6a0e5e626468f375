/**
 * Sentences: DORA's four measures for people, each with the number of cases it rests on.
 */
import { counted } from 'service-chassis/counted';
import type { Dora } from '../dora.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

export function doraSentences(measures: Dora): string[] {
  const { deployments, changeFailRate, leadTimeSeconds, recoverySeconds, recovered, stillFailing } = measures;
  const failed = deployments.filter(({ failures }) => failures.length > 0).length;
  const changes = deployments.flatMap(({ outcome, changes }) => (outcome === 'promoted' ? changes : []));
  const between = measures.secondsBetweenDeployments;
  const every = between === null ? '' : `, one every ${duration(between)}`;
  const failing = stillFailing === 0 ? '' : `, ${stillFailing} still failing`;
  return [
    `deployment frequency        ${measures.deploymentsPerDay.toFixed(2)} a day (${counted(deployments.length, 'deployment')}${every})`,
    `change lead time            ${duration(leadTimeSeconds)} (median of ${counted(changes.length, 'change')})`,
    `change fail rate            ${changeFailRate === null ? 'none yet' : `${(changeFailRate * 100).toFixed(1)} %`} (${failed} of ${counted(deployments.length, 'deployment')})`,
    `failed deployment recovery  ${duration(recoverySeconds)} (median of ${recovered} recovered${failing})`,
  ];
}

/** duration(90) // '1.5 min' */
export function duration(seconds: number | null): string {
  if (seconds === null) return 'none yet';
  if (seconds < MINUTE_SECONDS) return `${seconds.toFixed(1)} s`;
  if (seconds < HOUR_SECONDS) return `${(seconds / MINUTE_SECONDS).toFixed(1)} min`;
  if (seconds < DAY_SECONDS) return `${(seconds / HOUR_SECONDS).toFixed(1)} h`;
  return `${(seconds / DAY_SECONDS).toFixed(1)} days`;
}
