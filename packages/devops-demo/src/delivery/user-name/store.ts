/** Who runs this program. Containers may run under a number without a name. */
import { userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
