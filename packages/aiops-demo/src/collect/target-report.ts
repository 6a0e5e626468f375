/** How the newest scrape of one target went: what data quality (`quality/`) is judged by. */
export type TargetReport =
  | { job: string; url: string; state: 'waiting' }
  | {
      job: string;
      url: string;
      state: 'up';
      /** Samples it exposes. */
      samples: number;
      malformed: number;
      /** Since when, in milliseconds since 1970, it answers the very same text. */
      sameSince: number;
      /** Newest timestamp in the exposition, if it gives any. */
      exposedAt: number | null;
      /** Counters that were lower than in the scrape before: the process began anew. */
      resets: number;
      /** New series that were not kept, because there were too many. */
      refused: number;
      because?: string;
    }
  /** `answered`: it spoke HTTP, but gave no metrics. */
  | { job: string; url: string; state: 'down'; answered: boolean; because: string };
