/** What a process used: asked by its parent, answered by itself. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** Answers each message of the parent, and ends with it. */
export function answerUsage(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const usage: Usage = { cpuSeconds: (user + system) / 1e6, residentBytes: rss, heapBytes: heapUsed };
    process.send?.(usage);
  });
  process.on('disconnect', () => process.exit(0));
}
