import { writeSync } from 'node:fs';
import { childInput } from '@es-internal/services/child';
import { eventOf } from '@es-internal/services/events';
import { type BusOptions, consume } from './bus.fixture.ts';

/* Publishes, handles, looks at the dead letters and stops; nothing may keep the process after that. */
const handled = Promise.withResolvers<void>();
const bus = await consume(childInput<BusOptions & { readonly url: string }>(), () => handled.resolve());
await bus.publish([eventOf('counter', 1)]);
await handled.promise;
await bus.deadLetters.count();
await bus.stop();
writeSync(1, 'stopped\n');
