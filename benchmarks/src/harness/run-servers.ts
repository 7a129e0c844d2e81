import { dropDatabases } from '@es-internal/services/databases';
import { deleteFromKafka } from '@es-internal/services/kafka-admin';
import type { Lease, Offer } from '@es-internal/services/lease';
import { leaseKafka } from '@es-internal/services/lease-kafka';
import { leasePostgres } from '@es-internal/services/lease-postgres';
import { leaseRabbitMQ } from '@es-internal/services/lease-rabbitmq';
import { deleteVirtualHosts } from '@es-internal/services/rabbitmq-management';
import { testName } from '@es-internal/services/vitest/names';

/** A server that a scenario needs. */
export type Need = 'postgres' | 'rabbitmq' | 'kafka';

interface RunServer {
  /** Tells a scenario's process where it is. */
  readonly variable: string;
  readonly lease: () => Promise<Lease>;
  /** Deletes what has one of the names meant. */
  readonly tidy: (url: string, isMeant: (name: string) => boolean) => Promise<void>;
}

const servers: Readonly<Record<Need, RunServer>> = {
  postgres: { variable: 'ES_POSTGRES_URL', lease: leasePostgres, tidy: dropDatabases },
  rabbitmq: { variable: 'ES_AMQP_URL', lease: leaseRabbitMQ, tidy: deleteVirtualHosts },
  kafka: { variable: 'ES_KAFKA_BROKERS', lease: leaseKafka, tidy: deleteFromKafka },
};

/** Where a scenario's process finds a server that its scenario needs. */
export const serverUrlOf = (need: Need): string => process.env[servers[need].variable] ?? '';

/** The servers of a run: leased at its beginning, let go at its end. */
export class RunServers {
  readonly #leases: ReadonlyMap<Need, Lease>;

  private constructor(leases: ReadonlyMap<Need, Lease>) {
    this.#leases = leases;
  }

  static async lease(needs: ReadonlySet<Need>): Promise<RunServers> {
    const leases = new Map<Need, Lease>();
    for (const need of needs) leases.set(need, await servers[need].lease());
    return new RunServers(leases);
  }

  /** A server, or why there is none; `undefined` if no scenario needs one. */
  offer(need: Need): Offer | undefined {
    return this.#leases.get(need)?.offer;
  }

  /** What a scenario's process is told. */
  get variables(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#running().map(([need, url]) => [servers[need].variable, url]));
  }

  /** Deletes what a scenario of this run made for itself. */
  async tidyAfter(need: Need, scenario: string): Promise<void> {
    const [, url] = this.#running().find(([running]) => running === need) ?? [];
    if (url !== undefined) await servers[need].tidy(url, (name) => name.startsWith(testName(process.pid, `${scenario}_`)));
  }

  async end(): Promise<void> {
    for (const { end } of this.#leases.values()) await end();
  }

  #running(): (readonly [need: Need, url: string])[] {
    return [...this.#leases].flatMap(([need, { offer }]) => ('url' in offer ? [[need, offer.url] as const] : []));
  }
}
