/** What `GET /v1/quality` shows. */
import { z } from 'zod';
import { FINDING_KINDS } from './finding.js';
import type { DataQualityReport } from './finding.js';

const instant = z.iso.datetime();

export const qualityView = z.object({
  findings: z.array(
    z.object({
      kind: z.enum(FINDING_KINDS),
      source: z.string(),
      since: instant,
      lastSeenAt: instant,
      because: z.string(),
      notJudged: z.string(),
    }),
  ),
  notJudged: z.array(z.object({ signalId: z.string(), because: z.string() })),
});

export function viewQuality({ findings, notJudged }: DataQualityReport): z.infer<typeof qualityView> {
  return {
    findings: findings.map((finding) => ({
      ...finding,
      since: new Date(finding.since).toISOString(),
      lastSeenAt: new Date(finding.lastSeenAt).toISOString(),
    })),
    notJudged: [...notJudged],
  };
}
