import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** Puts a message into a topic without the bus. */
export async function publishRaw(
  brokers: string[],
  topic: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: [{ value: body, headers: { ...headers } }] });
  await producer.disconnect();
}
