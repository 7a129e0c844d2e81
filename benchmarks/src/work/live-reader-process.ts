import { LiveReader } from './live-reader.ts';

/* The program of a reader's process: reads the database that its argument names, and tells its parent how many events it has seen. */
const [, , url = ''] = process.argv;
let seen = 0;
const reader = await LiveReader.start(url, (events) => {
  seen += events;
  process.send?.(seen);
});
process.once('disconnect', () => void reader.stop());
process.send?.(seen);
