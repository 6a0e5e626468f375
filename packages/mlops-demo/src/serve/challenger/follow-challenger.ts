/**
 * Follow the challenger: whichever version the registry has in shadow or canary is loaded beside the champion, and let go with the stage.
 *
 * in:  the challenger's stage record, asked every two seconds → out: Challenge, and a sentence on how it stands
 *
 * Rule: loaded, verified and probed like a model for production, while the champion answers. It reads the same live features as the champion, so that
 * both see one world. Another version, stage, share or champion begins another trial, for numbers of two traffic weights must not be pooled.
 *
 * A restart of the server goes on with the trial that the last process saved, if it is the same one.
 *
 * When it misleads: what was counted in the seconds before a kill is not saved, and which of two processes a window is of nobody can see.
 */
import type { ServiceOptions } from 'service-chassis';
import { weightBytes } from '../../model.js';
import type { DelayModel } from '../../model.js';
import type { StageRecord } from '../../registry/stages.js';
import type { LoadedModel } from '../../registry/store.js';
import { troubleWith } from '../serving.js';
import type { Serving } from '../serving.js';
import type { SavedTrial } from './store.js';
import { Trial } from './trial.js';
import { whyAnother } from './trial-record.js';
import type { TrialRecord, TrialSubject } from './trial-record.js';

const TRY_REFUSED_AGAIN_MS = 30_000;

/** A challenger at work. */
export interface Challenge {
  serving: Serving;
  champion: Serving;
  record: StageRecord;
  trial: Trial;
}

/** How it stands. */
export type ChallengeState = { state: 'none' | 'loading' | 'refused' | 'shadow' | 'canary'; because: string };

type Loaded = Extract<LoadedModel, { state: 'loaded' }>;

export interface ChallengerFollowerOptions {
  record: () => Promise<StageRecord | undefined>;
  champion: () => Serving | undefined;
  load: (version: string) => Promise<LoadedModel>;
  /** Makes a challenger of a model, that reads the champion's features. */
  beside: (loaded: Loaded, champion: Serving) => Serving;
  retire: (model: DelayModel) => void;
  /** The trial that an earlier process left. Asked once. */
  savedTrial: () => Promise<SavedTrial>;
  /** The challenger came, changed or went. */
  onChange: (challenge: Challenge | undefined) => void;
  onRefused: () => void;
  logger: ServiceOptions['logger'];
  now: () => number;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  pollMs: number;
}

export interface ChallengerFollower {
  challenge(): Challenge | undefined;
  state(): ChallengeState;
  /** The version that was refused last, unless it has been loaded since. */
  refused(): { version: string; because: string } | undefined;
  /** The trial begins anew: its windows are used up. */
  tryAgain(): void;
  stop(): Promise<void>;
}

const NONE: ChallengeState = { state: 'none', because: 'no version is in shadow or canary' };

/** Starts to follow. */
export function followChallenger(options: ChallengerFollowerOptions): ChallengerFollower {
  const { logger, now } = options;
  const stopping = new AbortController();
  let loaded: Loaded | undefined;
  let challenge: Challenge | undefined;
  let refused: { version: string; at: number; because: string } | undefined;
  let state = NONE;
  let isFirstTrial = true;

  async function look(): Promise<void> {
    const record = await options.record();
    const champion = options.champion();
    if (record === undefined || champion === undefined || record.version === champion.manifest.version) {
      letGo();
      state = record === undefined ? NONE : { state: 'loading', because: 'it waits for another champion' };
      return;
    }
    if (loaded !== undefined && loaded.manifest.version !== record.version) letGo();
    if (loaded === undefined) await take(record.version);
    // The champion may have changed meanwhile: the next look sees to it.
    if (loaded !== undefined && options.champion() === champion) await begin(loaded, record, champion);
  }

  async function take(version: string): Promise<void> {
    if (refused?.version === version && now() - refused.at < TRY_REFUSED_AGAIN_MS) return;
    state = { state: 'loading', because: `${version} is being verified` };
    const found = await options.load(version);
    const trouble = found.state === 'loaded' ? troubleWith(found) : found.because;
    if (found.state === 'loaded' && trouble === undefined) {
      [loaded, refused] = [found, undefined];
      return;
    }
    if (found.state === 'loaded') found.model.network.dispose();
    refuse(version, trouble ?? 'it cannot be loaded');
  }

  function refuse(version: string, because: string): void {
    const isNews = refused?.version !== version || refused.because !== because;
    refused = { version, at: now(), because };
    state = { state: 'refused', because };
    if (!isNews) return;
    logger.error(`challenger ${version} refused: ${because}; the champion answers alone`);
    options.onRefused();
  }

  async function begin(model: Loaded, record: StageRecord, champion: Serving): Promise<void> {
    if (challenge !== undefined && isSameTrial(challenge, record, champion)) return;
    const serving =
      challenge?.serving.live === champion.live ? challenge.serving : options.beside(model, champion);
    const [one, other] = [champion.manifest.version, record.version];
    const saved = isFirstTrial ? await recordFor(subjectOf(champion, record)) : undefined;
    isFirstTrial = false;
    challenge = { serving, champion, record, trial: newTrial(champion, serving, record, saved) };
    const does =
      record.stage === 'canary'
        ? `answers ${((record.share ?? 0) * 100).toFixed(0)} % of the flights`
        : 'is asked in the shadow of each answer';
    state = {
      state: record.stage === 'canary' ? 'canary' : 'shadow',
      because: `${other} ${does}, beside ${one}`,
    };
    logger.info(`challenger ${state.because}`);
    options.onChange(challenge);
  }

  function newTrial(champion: Serving, serving: Serving, record: StageRecord, saved?: TrialRecord): Trial {
    return new Trial({
      subject: subjectOf(champion, record),
      weightBytes: { champion: weightBytes(champion.model), challenger: weightBytes(serving.model) },
      startedAt: now() / 1_000,
      ...(saved === undefined ? {} : { record: saved }),
    });
  }

  async function recordFor(subject: TrialSubject): Promise<TrialRecord | undefined> {
    const saved = await options.savedTrial();
    if (saved.state === 'none') return undefined;
    const trouble =
      saved.state === 'damaged'
        ? `it is damaged: ${saved.because}`
        : whyAnother(saved.record.subject, subject);
    if (trouble !== undefined) {
      logger.warn(`trial.json is no beginning of this trial, which starts anew: ${trouble}`);
      return undefined;
    }
    if (saved.state !== 'saved') return undefined;
    const { windows, losses } = saved.record;
    logger.info(
      `the trial of ${subject.challenger} goes on where it was: ${windows.length} windows, ${losses.landed} landed flights`,
    );
    return saved.record;
  }

  function letGo(): void {
    const before = loaded;
    [loaded, challenge] = [undefined, undefined];
    if (before === undefined) return;
    options.onChange(undefined);
    options.retire(before.model);
    logger.info(`challenger ${before.manifest.version} is no longer asked`);
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
      } catch (error) {
        refuse(
          loaded?.manifest.version ?? 'in the registry',
          error instanceof Error ? error.message : String(error),
        );
      }
      await options.pause(options.pollMs, stopping.signal);
    }
  }

  const following = follow();
  return {
    challenge: () => challenge,
    state: () => state,
    refused: () => refused,
    tryAgain() {
      if (challenge === undefined) return;
      const { champion, serving, record } = challenge;
      challenge = { ...challenge, trial: newTrial(champion, serving, record) };
    },
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

function subjectOf(champion: Serving, { version, stage, share = 0, since }: StageRecord): TrialSubject {
  return { champion: champion.manifest.version, challenger: version, stage, share, since };
}

function isSameTrial(challenge: Challenge, record: StageRecord, champion: Serving): boolean {
  const { stage, share, since } = challenge.record;
  const sameStage = record.stage === stage && record.share === share && record.since === since;
  return sameStage && challenge.champion === champion;
}
