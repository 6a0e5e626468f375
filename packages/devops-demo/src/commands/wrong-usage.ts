/** Thrown when a command's words are not understood; the command line ends with 2 and points to the help. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
