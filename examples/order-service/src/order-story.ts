import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceMetric, ServiceSpan } from '@es-internal/services/otlp';
import { OtlpReceiver } from '@es-internal/services/otlp-receiver';
import { ServiceProcess } from '@es-internal/services/service-process';

/** What came of the story: what the services said, and what they told of themselves. */
export interface OrderStory {
  readonly lines: readonly string[];
  readonly spans: readonly ServiceSpan[];
  readonly metrics: readonly ServiceMetric[];
  /** Why telemetry could not be handed on. */
  readonly failures: readonly string[];
}

/**
 * Starts both services, has an order placed, waits for its invoice, and ends them.
 *
 * @param env - Names the broker and where it is.
 * @param handOnTo - Where telemetry goes too, if anywhere: the base URL of an OTLP receiver.
 */
export async function orderStory(env: NodeJS.ProcessEnv, handOnTo?: string): Promise<OrderStory> {
  const folder = await mkdtemp(join(tmpdir(), 'es-orders-'));
  try {
    await using receiver = await OtlpReceiver.start(handOnTo);
    const lines = await runServices({
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ES_ORDERS_FILE: join(folder, 'orders.db'),
      ES_BILLING_FILE: join(folder, 'invoices.db'),
    });
    return { lines, spans: receiver.spans, metrics: receiver.metrics, failures: [...receiver.failures] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What they send is there when they have ended: each sends the rest before it does. */
async function runServices(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  await using billing = new ServiceProcess(program('billing.ts'), [], env);
  await billing.printed(/^ready/);
  await using orders = new ServiceProcess(program('orders.ts'), [], env);
  await orders.ended();
  await billing.printed(/^invoiced/);
  await billing.end();
  return [...orders.lines, ...billing.lines];
}

function program(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
