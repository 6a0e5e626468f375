/** Waits for work, or for the wish to stop, whichever comes first. */
export async function untilStopped(stop: AbortSignal, work: Promise<unknown>): Promise<void> {
  if (stop.aborted) return;
  let wish: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (wish = resolve));
  stop.addEventListener('abort', wish, { once: true });
  try {
    await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', wish);
  }
}
