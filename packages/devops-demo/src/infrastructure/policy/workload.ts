/** What the policy looks at, whichever kind of file declared it. */
export interface Workload {
  /** Where it stands, like `docker-compose.yml: gateway`. */
  readonly name: string;
  readonly image: string;
  readonly user: 'ordinary' | 'root' | 'undeclared';
  readonly hasMemoryLimit: boolean;
  readonly hasReadOnlyRoot: boolean;
  /** May gain rights: privileged, or with capabilities, or without the lock against more of them. */
  readonly privileges: readonly string[];
  /** Doors that other machines reach. */
  readonly openPorts: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Words that its program is started with. */
  readonly command: readonly string[];
  /** Folders and sockets of the machine itself. */
  readonly hostMounts: readonly string[];
}

/** Without a number, or of 0, it is none: the engine takes 0 for unlimited. */
export function isLimit(size: unknown): boolean {
  return Number.parseFloat(String(size)) > 0;
}
