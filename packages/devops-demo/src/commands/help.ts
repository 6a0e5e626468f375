/** What `devops --help` says. */
import { DEFAULT_URL } from './options.js';

export const HELP = `devops: the departures board and its delivery pipeline

Usage:
  devops build                 write the manifest of the compiled package and print its digest
  devops build --flaw NAME     build a flawed version into a folder of its own, for release --from
  devops verify [--dir DIR]    compare a package folder with its manifest
  devops serve [--embedded]    start the board (settings from the environment, see README.md)
  devops status [--url URL]    show the delivery pipeline of a running board
  devops audit list            who or what changed what, and why
  devops audit verify          is the audit log what was written?
  devops audit failed SUBJECT --because WHY
                               a promoted version hurts users; "restored" when that is over
  devops dora                  deployment frequency, lead time, change fail rate, recovery time
  devops slo                   error budgets and burn rates; ends with 1 while releases are frozen
  devops gateway [--embedded]  start the gateway, and behind it this version
  devops release [--from DIR | --flaw slow|errors|leak|crash|bad-migration]
                               bring a version to everybody step by step, or back
  devops deploy                on the start of the containers: run what was released last, or this when it is new
  devops releases              list what was released, and what became of it
  devops plan [--json]         what differs between docker-compose.yml and what runs
  devops policy [FILE...]      refuse declarations that are root, unlimited, open, … (also --json)
  devops runbook [ALERT]       what to do when an alert fires; without a name, which there are (also --json)
  devops generate [--check]    write what is generated in infrastructure/, or say what differs

Options:
  --dir DIR      package folder to verify (default: this package)
  --embedded     serve, gateway: start a PostgreSQL of its own below .triops, for trying things out
  --from DIR     release: a compiled package of another commit (default: this package)
  --flaw NAME    release: this version with a genuine defect, see flaws/
  --resume       release: only bring an interrupted release to its end
  --untested WHY release: although no passed run of npm test is known for the commit; goes into the audit log
  --unfreeze WHY release: although the error budget is empty; goes into the audit log
  --window S     release: seconds of one window of observation (default: 20)
  --url URL      status: address of the board (default: that of this folder's gateway, or ${DEFAULT_URL})
  --state DIR    gateway, release, deploy, releases, status, audit, dora, slo, build --flaw: folder of
                 artifacts, records and state (default: TRIOPS_STATE_DIR, or .triops/devops)
  --help         this text

Environment:
  PORT, GATEWAY_ADMIN_PORT  gateway: where it serves (8081), and where releases steer it (8085)
  The others stand in README.md.

Examples:
  devops build && devops verify
  devops serve --embedded
  DATABASE_URL=postgresql://me:secret@127.0.0.1:5432/triops devops serve
  devops status --url http://127.0.0.1:8081

Exit codes: 0 all is well, 1 refused, failed or not reached, 2 wrong usage (plan: no engine; policy: no declaration), 3 drift, or a touched audit log`;
