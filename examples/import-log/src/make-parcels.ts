import { makeParcels } from './parcels.ts';

// pnpm --silent make-log > data/parcels.ndjson
for (const event of makeParcels(60, 20_250_303)) console.log(JSON.stringify(event));
