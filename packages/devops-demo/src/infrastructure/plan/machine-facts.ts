/** What only the machine can tell, and the pure files ask for. */
export interface MachineFacts {
  /** Identity of the image that a name means now; undefined when there is none. */
  readonly imageId: (name: string) => string | undefined;
  /** When a file was last changed; undefined for what is no file of this machine. */
  readonly changedAt: (path: string) => Date | undefined;
  /** Short, and the same for the same value. */
  readonly digest: (value: string) => string;
}
