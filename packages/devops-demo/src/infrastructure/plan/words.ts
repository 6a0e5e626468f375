/** How a fact is written, so that both sides write it alike. */
/** A mounted file that has not changed since the program started. */
export const IN_USE = 'as at the start';

const MIB = 1_024 * 1_024;

export function memoryWords(bytes: number): string {
  return bytes === 0 ? 'unlimited' : `${Number((bytes / MIB).toFixed(1))} MiB`;
}

export function listWords(words: readonly string[]): string {
  return words.length === 0 ? 'none' : [...words].sort((a, b) => a.localeCompare(b)).join(', ');
}

/** Secrets are compared, and never shown. */
export function shownValue(name: string, value: string, digest: (value: string) => string): string {
  return /PASSWORD|TOKEN|SECRET|CREDENTIAL|KEY/i.test(name) ? `hidden, digest ${digest(value)}` : value;
}
