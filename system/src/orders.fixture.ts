import { join } from 'node:path';
import { parseTraceparent, type SpanContext } from '@es/otel';
import { ServiceProcess } from '@es-internal/services/service-process';
import type { BusEnvironment } from './buses.ts';

/** An order that got to its end. */
export interface DeliveredOrder {
  readonly customer: string;
  /** The span in which the shop placed it. */
  readonly placed: SpanContext;
  /** The span in which the courier delivered it, to whom the baggage says. */
  readonly delivered: SpanContext;
}

type Told = ReadonlyMap<string, SpanContext>;

const told = (lines: readonly string[], verb: 'placed for' | 'delivered to'): Told =>
  new Map(
    lines.flatMap((line) => {
      const [, customer, traceparent] = new RegExp(`^${verb} (\\S+) in (\\S+)$`).exec(line) ?? [];
      const context = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      return customer === undefined || context === undefined ? [] : [[customer, context] as const];
    }),
  );

const service = (name: 'shop' | 'warehouse' | 'courier', env: NodeJS.ProcessEnv, args: readonly string[] = []): ServiceProcess =>
  new ServiceProcess(join(import.meta.dirname, `${name}.ts`), args, env);

/**
 * Starts the three services, has an order placed for each customer, all at once, waits until all are delivered, and ends the services: by then
 * their telemetry is sent.
 *
 * @param telemetry - where to: the standard variables of OpenTelemetry.
 * @param shopTelemetry - what is different for the shop.
 */
export const deliverOrders = async (
  customers: readonly string[],
  buses: BusEnvironment,
  telemetry: NodeJS.ProcessEnv,
  shopTelemetry: NodeJS.ProcessEnv = {},
): Promise<readonly DeliveredOrder[]> => {
  const env = { ...buses, OTEL_LOGS_EXPORTER: 'none', ...telemetry };
  await using warehouse = service('warehouse', env);
  await using courier = service('courier', env);
  await Promise.all([warehouse.printed(/^ready/), courier.printed(/^ready/)]);
  await using shop = service('shop', { ...env, ...shopTelemetry }, customers);
  await shop.ended();
  await courier.printed(/^delivered/, customers.length);
  await Promise.all([warehouse.end(), courier.end()]);
  const [placed, delivered] = [told(shop.lines, 'placed for'), told(courier.lines, 'delivered to')];
  return customers.map((customer) => ({ customer, placed: contextOf(placed, customer), delivered: contextOf(delivered, customer) }));
};

const contextOf = (all: Told, customer: string): SpanContext => {
  const context = all.get(customer);
  if (context === undefined) throw new Error(`Nobody spoke of ${customer}, only of ${[...all.keys()].join(', ')}.`);
  return context;
};
