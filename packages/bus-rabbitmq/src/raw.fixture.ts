import { connect } from 'amqplib';

/** Puts a message into an exchange without the bus. */
export async function publishRaw(
  url: string,
  exchange: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Buffer },
  routingKey = 'raw',
): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  const { 'content-type': contentType, ...others } = headers;
  channel.publish(exchange, routingKey, Buffer.from(body), {
    persistent: true,
    headers: others,
    ...(contentType === undefined ? {} : { contentType }),
  });
  await channel.waitForConfirms();
  await connection.close();
}
