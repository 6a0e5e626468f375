/** Our side of the drift tables, as a process of its own, so that its memory is its own: the folder and two sides in, one JSON line out. */
import { datasetDrift } from 'mlops-demo/training';
import { timed } from './peer.js';
import { readColumns } from './watched-columns.js';

const [folder = '', reference = '', today = ''] = process.argv.slice(2);
const [before, now] = [readColumns(folder, reference), readColumns(folder, today)];
const heldMegabytes = process.memoryUsage().rss / 2 ** 20;
const [took, { columns }] = await timed(() => datasetDrift(before, now));
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...took, heldMegabytes, peakMegabytes, columns }));
