/**
 * Said: what both versions say, remembered from window to window, so that no line is read twice.
 *
 * in: the primary's log, the candidate's log and where it was when the window began → out: what is new in the candidate's words
 *
 * Rule: without the primary's log nothing can be called new; nor when the primary says more different things than are remembered.
 */
import { MOST_TEMPLATES, countNew, templateIn } from '../../log-templates.js';
import type { LogTemplate } from '../../log-templates.js';
import { readLines } from '../log/store.js';
import type { Position } from '../log/store.js';

export interface Said {
  newTemplates(
    primaryLog: string | undefined,
    candidateLog: string | undefined,
    since: Position | undefined,
  ): Promise<LogTemplate[]>;
}

export function createSaid(): Said {
  let [path, position]: [string | undefined, Position | undefined] = [undefined, undefined];
  let known = new Set<string>();

  async function learn(primaryLog: string): Promise<void> {
    if (primaryLog !== path) [path, position, known] = [primaryLog, undefined, new Set()];
    position = await readLines(primaryLog, position, (line) => {
      const template = templateIn(line)?.template;
      if (template !== undefined && known.size < MOST_TEMPLATES) known.add(template);
    });
  }

  return {
    async newTemplates(primaryLog, candidateLog, since) {
      if (primaryLog === undefined || candidateLog === undefined) return [];
      await learn(primaryLog);
      if (known.size === 0 || known.size === MOST_TEMPLATES) return [];
      const fresh = countNew(known);
      await readLines(candidateLog, since, (line) => fresh.add(line));
      return fresh.templates();
    },
  };
}
