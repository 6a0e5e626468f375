/**
 * Lesson 1: log templates from five lines.
 *
 * A log line is a fixed text with values in it. Drain sees lines one by one, puts those that share their fixed words into one cluster,
 * and leaves `<*>` where they differ. Thousands of lines become a few dozen templates that one can count and watch.
 *
 *   node examples/lessons/src/01-log-templates.mjs
 *
 * Prints:
 *
 *   2 x  flight <*> from <*> to <*> registered in <*> ms
 *   2 x  circuit to model-server opened after <*> failures
 *   1 x  model <*>-a loaded
 */
import { Drain } from 'aiops-demo';

const drain = new Drain();
drain.learn('flight AA12 from JFK to ORD registered in 4.1 ms');
drain.learn('circuit to model-server opened after 5 failures');
drain.learn('flight UA7 from SFO to DEN registered in 3.8 ms');
drain.learn('circuit to model-server opened after 6 failures');
drain.learn('model 20010131-a loaded');

const mostFirst = [...drain.clusters()].sort((a, b) => b.count - a.count);
for (const { count, template } of mostFirst) console.log(`${count} x  ${template}`);
