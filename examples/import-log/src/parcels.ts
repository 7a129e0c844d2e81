/** One line of the made-up log of a parcel service. */
export interface ParcelEvent {
  readonly parcel: string;
  readonly seq: number;
  readonly time: string;
  readonly event: 'Registered' | 'Collected' | 'Sorted' | 'OutForDelivery' | 'Delivered' | 'NotDelivered' | 'Returned';
  readonly place: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const depots = ['Zürich', 'Łódź', 'Kraków', 'Nantes', 'Göteborg', 'Αθήνα', '東京'] as const;
const couriers = ['Ana', 'Björn', 'Chidi', 'Dilnoza', 'Émile', 'Fatma'] as const;
const reasons = ['nobody at home', 'address not found', 'letter box too small', 'refused: “wrong colour”'] as const;
const start = Date.UTC(2025, 2, 3, 6);
const MINUTE = 60_000;

/** Made-up deliveries of so many parcels, in order of time over all of them. The same seed makes the same log. */
export function makeParcels(parcels: number, seed: number): ParcelEvent[] {
  const random = randomNumbers(seed);
  const events = Array.from({ length: parcels }, (_, index) => journey(`P-${1001 + index}`, start + index * 7 * MINUTE, random)).flat();
  return events.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

function journey(parcel: string, begin: number, random: () => number): ParcelEvent[] {
  const events: ParcelEvent[] = [];
  let time = begin;
  let place = pick(depots, random);
  const happen = (event: ParcelEvent['event'], details: ParcelEvent['details'] = {}): void => {
    time += Math.floor((5 + random() * 300) * MINUTE);
    events.push({ parcel, seq: events.length + 1, time: new Date(time).toISOString(), event, place, details });
  };
  happen('Registered', { weightGrams: 100 + Math.floor(random() * 9900), fragile: random() < 0.2, to: { city: pick(depots, random) } });
  happen('Collected', { courier: pick(couriers, random) });
  for (let stops = 1 + Math.floor(random() * 3); stops > 0; stops -= 1) {
    place = pick(depots, random);
    happen('Sorted', { belt: Math.floor(random() * 12) });
  }
  deliver(happen, random);
  return events;
}

function deliver(happen: (event: ParcelEvent['event'], details?: ParcelEvent['details']) => void, random: () => number): void {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    happen('OutForDelivery', { courier: pick(couriers, random), attempt });
    if (random() < 0.7) {
      happen('Delivered', { signedBy: random() < 0.5 ? null : pick(couriers, random) });
      return;
    }
    happen('NotDelivered', { reason: pick(reasons, random), attempt });
  }
  happen('Returned');
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** Numbers from 0 up to 1 by a linear congruential generator (Numerical Recipes' constants): enough for a log that looks alive. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
