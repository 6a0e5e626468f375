/** `mlops data add`, `validate` and `check`: what judges batches. */
import { judgeBatch } from '../data/judged-batch/store.js';
import type { ObjectStore } from '../data/objects/object-store.js';
import { openFlights } from '../data/store.js';
import { grouped } from '../data/versions/lines.js';
import { batchesOf } from '../data/versions/name.js';
import { addVersions } from '../data/versions/store.js';
import type { Added } from '../data/versions/store.js';
import { reportLines } from '../validate/batch-report.js';
import { Rehearsal, rehearsalLines, UNDAMAGED } from '../validate/rehearsal.js';
import { packagedFile, readAirports } from '../vega-datasets/store.js';
import type { Only } from './data-usage.js';
import { complain, say } from './terminal.js';

/** The recorded flights. Six more are dated 1 July: after midnight, with the wrong day. */
const RECORDED_DAYS = { from: '2001-01-01', through: '2001-06-30' };

export async function add(store: ObjectStore, command: Only<'add'>): Promise<number> {
  const { file, by, from, through, airports, json } = command;
  const request = {
    file: file ?? packagedFile('flights-3m.parquet'),
    by,
    ...(from === undefined ? {} : { from }),
    ...(file === undefined
      ? { through: through ?? RECORDED_DAYS.through }
      : through === undefined
        ? {}
        : { through }),
    ...(airports === undefined ? {} : { airports }),
  };
  const counts = { added: 0, 'already there': 0, quarantined: 0, refused: 0 };
  for await (const batch of addVersions(store, request, readAirports())) {
    counts[batch.state]++;
    say(json ? JSON.stringify(batch) : addedLine(batch));
  }
  if (Object.values(counts).every((count) => count === 0)) {
    complain('the file has no flight of these days');
    return 1;
  }
  return counts.quarantined + counts.refused === 0 ? 0 : 1;
}

function addedLine(batch: Added): string {
  if (batch.state === 'refused') return `✗ refused  ${batch.version}  ${batch.because}`;
  if (batch.state !== 'quarantined') {
    const sign = batch.state === 'added' ? '+ added' : '= there already';
    return `${sign}  ${batch.version}  ${grouped(batch.manifest.rows)} rows`;
  }
  return ['✗ quarantined, no version:', ...reportLines(batch.report)].join('\n');
}

export async function validate(store: ObjectStore, command: Only<'validate'>): Promise<number> {
  const judged = await judgeBatch(store, command, readAirports());
  if (judged.state === 'refused') {
    complain(judged.because);
    return 1;
  }
  const { report } = judged;
  say(command.json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'));
  return report.state === 'passed' ? 0 : 1;
}

export async function check({ airports, json }: Only<'check'>): Promise<number> {
  const rehearsal = new Rehearsal(readAirports());
  const source = await openFlights({ threads: 1 });
  try {
    for (const month of batchesOf(RECORDED_DAYS, 'month')) {
      rehearsal.add(await source.read({ ...month, ...(airports === undefined ? {} : { airports }) }));
      if (!json) process.stderr.write(`judged ${month.from} to ${month.through}\n`);
    }
  } finally {
    source.close();
  }
  say(json ? JSON.stringify(rehearsal.table(), null, 2) : rehearsalLines(rehearsal.table()).join('\n'));
  return rehearsal.table().some(({ damage, refused }) => damage === UNDAMAGED && refused > 0) ? 1 : 0;
}
