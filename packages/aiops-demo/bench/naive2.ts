/**
 * Naive2, the reference of the M4 competition: naive on the series without its season, where a test finds one.
 *
 * Source: Makridakis, Spiliotis and Assimakopoulos (2020), and their published R code: the season is found when the autocorrelation
 * at its lag is beyond 1.645 Bartlett errors, and is taken out by multiplicative classical decomposition. A series with values that
 * are not positive has no such decomposition: it stays as it is.
 */
const BEYOND_90_PER_CENT = 1.645;
const LEAST_SEASONS = 3;

export function naive2(values: readonly number[], horizon: number, period: number): number[] {
  const last = values.at(-1) ?? 0;
  const isSeasonal = values.length >= LEAST_SEASONS * period && period > 1 && hasSeason(values, period);
  if (!isSeasonal || values.some((value) => value <= 0)) return Array<number>(horizon).fill(last);
  const season = indices(values, period);
  const at = (step: number) => season[step % period] ?? 1;
  const level = last / at(values.length - 1);
  return Array.from({ length: horizon }, (_, step) => level * at(values.length + step));
}

function hasSeason(values: readonly number[], period: number): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = (lag: number) =>
    values.slice(lag).reduce((sum, value, step) => sum + (value - mean) * ((values[step] ?? 0) - mean), 0);
  const whole = product(0);
  const correlations = Array.from({ length: period }, (_, lag) => product(lag + 1) / whole);
  const squares = correlations.slice(0, -1).reduce((sum, correlation) => sum + correlation ** 2, 0);
  return (
    Math.abs(correlations.at(-1) ?? 0) > BEYOND_90_PER_CENT * Math.sqrt((1 + 2 * squares) / values.length)
  );
}

function indices(values: readonly number[], period: number): number[] {
  const half = Math.floor(period / 2);
  const ratios = Array.from({ length: period }, (): number[] => []);
  for (let step = half; step + half < values.length; step += 1) {
    const window = values.slice(step - half, step + half + 1);
    const sum = window.reduce((total, value) => total + value, 0);
    const ends = ((window[0] ?? 0) + (window.at(-1) ?? 0)) / 2;
    const average = period % 2 === 0 ? (sum - ends) / period : sum / period;
    ratios[step % period]?.push((values[step] ?? 0) / average);
  }
  const raw = ratios.map((all) => all.reduce((sum, ratio) => sum + ratio, 0) / all.length);
  const mean = raw.reduce((sum, ratio) => sum + ratio, 0) / period;
  return raw.map((ratio) => ratio / mean);
}
