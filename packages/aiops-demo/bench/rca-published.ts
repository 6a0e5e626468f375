/** Figures published for the same 26 incidents (PetShop, scenario low_traffic). */
import type { Scores } from './rca-score.js';

interface PublishedMethod {
  readonly name: string;
  readonly scores: Scores;
}

export const published: readonly PublishedMethod[] = [
  {
    // Stored output of code/RCA-Dataset-Eval.ipynb, amazon-science/petshop-root-cause-analysis, commit 1c5992d.
    name: 'anomaly traversal, published',
    scores: {
      latency: { top1: 0.571, top3: 0.571, mrr: null },
      availability: { top1: 0.833, top3: 1, mrr: null },
      all: { top1: 0.692, top3: 0.769, mrr: null },
    },
  },
  {
    // The kit's own re-implementation, petshop/ANCHORS.md: ties averaged, as all rows above are scored.
    name: 'anomaly traversal, ties averaged',
    scores: {
      latency: { top1: 0.571, top3: 0.571, mrr: null },
      availability: { top1: 0.681, top3: 1, mrr: null },
      all: { top1: 0.622, top3: 0.769, mrr: 0.691 },
    },
  },
];
