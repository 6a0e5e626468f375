/** Who types: for the audit log. */
import { userInfo } from 'node:os';

/** Containers may run under a number without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
