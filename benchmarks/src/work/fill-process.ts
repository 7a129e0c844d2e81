import { brokerOf } from './broker.ts';
import { publishAll } from './broker-place.ts';
import { lineEvents } from './line-events.ts';

/* The program of a process that fills a place: `fill-process.ts <broker> <location as JSON> <events>`. */
const [, , id = '', location = '[]', count = ''] = process.argv;
const raw = await brokerOf(id)
  .open(JSON.parse(location) as [string, string])
  .openRaw(true);
await publishAll(lineEvents(Number(count)), raw.publish);
await raw.close();
