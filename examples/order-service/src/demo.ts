import { styleText } from 'node:util';
import { serviceNamed } from '@es-internal/services/catalogue';
import { leaseService } from '@es-internal/services/lease';
import { workplaceOf } from '@es-internal/services/workplace';
import { chosenBroker } from './event-bus.ts';
import { joinedTrace } from './joined-trace.ts';
import { metricLines } from './metric-lines.ts';
import { orderStory } from './order-story.ts';

const broker = chosenBroker();
const service = serviceNamed(broker);
const { offer, end } = await leaseService(workplaceOf(process.env), service);
try {
  if ('unavailable' in offer) throw new Error(offer.unavailable);
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const story = await orderStory({ ES_BROKER: broker, [service.variable]: offer.url }, endpoint);
  console.log(`\nTwo services and ${broker}\n`);
  for (const line of story.lines) console.log(`  ${styleText('green', '✓')} ${line}`);
  console.log(`\nOne trace\n\n${joinedTrace(story.spans)}`);
  console.log(`Metrics\n\n${metricLines(story.metrics).join('\n')}\n`);
  if (endpoint === undefined)
    console.log(`See it in Jaeger: ${styleText('bold', 'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm run demo:orders')}\n`);
  else console.log(`${story.failures.length === 0 ? `Sent to ${endpoint} too.` : story.failures.join('\n')}\n`);
} finally {
  await end();
}
