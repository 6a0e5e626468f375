/**
 * Stories: days of the record in which something happens to the model, and how they are played. Data only.
 *
 * Rule: a story begins with a model that knows nothing of it, and everything after that is done by the system's own parts, unattended. The
 * schedule is off, so that what trains is what the monitor sees, and not that the story's first model is old.
 *
 * JavaScript for the same reason as options.mjs.
 *
 * @typedef {object} Story
 * @property {string} what In words, for --help.
 * @property {string} modelThrough The last day that the first model knows.
 * @property {string} startsAt ISO 8601.
 * @property {string} through The last local day that is played, unless --through says another one.
 * @property {number} speed
 */

/** @type {Readonly<Record<string, Readonly<Story>>>} */
export const STORIES = {
  april: {
    what: 'clocks and timetables change on 1 April 2001; a January model fails, and is replaced without anybody’s doing',
    modelThrough: '2001-01-31',
    // The day before begins when its predecessor is over in Honolulu: a whole day in which the model is still right.
    startsAt: '2001-03-31T10:00:00Z',
    through: '2001-04-03',
    // Up to 330 events a second, in the busiest hour: what two cores bear with all parts on them.
    speed: 600,
  },
};

const DAY_MS = 86_400_000;
const TEN_HOURS_MS = 36_000_000;

export function storyNames() {
  return Object.keys(STORIES);
}

/**
 * When a local day is over everywhere: ten hours after midnight in Greenwich it is midnight in Honolulu.
 *
 * @param {string} day
 */
export function endOfDay(day) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS + TEN_HOURS_MS).toISOString();
}
