/**
 * Licences: is every installed package under terms that this project accepts?
 *
 * Rule: an SPDX expression is accepted when one of its OR parts is, and a part when all of its AND parts are. Allowed are permissive
 * licences, and MPL-2.0, whose copyleft ends at its own files. A package without a licence is refused: no licence means no permission.
 * When it misleads: the expression is what the package says of itself. Data inside a package may have terms of their own:
 * vega-datasets is BSD-3-Clause, its flights are records of the US Department of Transportation.
 */
const ALLOWED = new Set(
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MPL-2.0 Python-2.0 Unlicense'.split(
    ' ',
  ),
);

/** Packages whose licence stands in a field of npm's early years, or in the readme only. Each was looked at. */
const STATED_ELSEWHERE = new Map([
  ['busboy', 'MIT'],
  ['streamsearch', 'MIT'],
  ['humanize-number', 'MIT'],
  ['only', 'MIT'],
]);

/** isAllowed('(MIT OR GPL-3.0)') // true */
export function isAllowed(expression) {
  if (typeof expression !== 'string') return false;
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((part) => part.split(' AND ').every((name) => ALLOWED.has(name.trim())));
}

/**
 * @param installed the `packages` of node_modules/.package-lock.json: what npm has installed, with each package's own licence
 * @returns {{ name: string, licence: string }[]} those that are not allowed
 */
export function refusedLicences(installed) {
  return Object.entries(installed)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, { license }]) => {
      const name = path.replace(/^.*node_modules\//, '');
      return { name, licence: license ?? STATED_ELSEWHERE.get(name) ?? 'none' };
    })
    .filter(({ licence }) => !isAllowed(licence));
}
