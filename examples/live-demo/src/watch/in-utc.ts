/** @example inUtc('2001-04-01T18:10:00-05:00') // '04-01 23:10 UTC' */
export function inUtc(instant: string): string {
  const iso = new Date(instant).toISOString();
  return `${iso.slice(5, 10)} ${iso.slice(11, 16)} UTC`;
}
