/**
 * Lesson 1: log templates from six lines.
 *
 * A log line is a fixed text with values in it. The miner sees lines one by one, puts those of one statement together, and writes `<*>` for what
 * varies. What looks like a value (4.1, AA12) is one at once; a plain word becomes one when enough lines show that it varies.
 * Thousands of lines become a few dozen templates that one can count and watch.
 *
 *   node examples/lessons/src/01-log-templates.mjs
 *
 * Prints:
 *
 *   3 x  flight <*> left gate <*> after <*> min
 *   2 x  circuit to model-server opened after <*> failures
 *   1 x  model <*>-a loaded
 */
import { TemplateMiner } from 'aiops-demo';

const miner = new TemplateMiner();
miner.learn('flight AA12 left gate 7 after 4.1 min');
miner.learn('circuit to model-server opened after 5 failures');
miner.learn('flight UA7 left gate 31 after 3.8 min');
miner.learn('flight DL1004 left gate 2 after 12 min');
miner.learn('circuit to model-server opened after 6 failures');
miner.learn('model 20010131-a loaded');

const mostFirst = [...miner.templates()].sort((a, b) => b.count - a.count);
for (const { count, template } of mostFirst) console.log(`${count} x  ${template}`);
