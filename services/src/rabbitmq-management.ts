import { ServiceFailed } from './errors.ts';

/** RabbitMQ's own distance between the port of AMQP and that of its management API, as in 5672 and 15672. */
export const managementDistance = 10_000;

const defaultPorts: Readonly<Record<string, number>> = { 'amqp:': 5_672, 'amqps:': 5_671 };

/** Where the management API of the server at an AMQP URL is, with the same user's name and password. */
const managementOf = (amqpUrl: string): { readonly origin: string; readonly authorization: string } => {
  const { protocol, hostname, port, username, password } = new URL(amqpUrl);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const amqpPort = port === '' ? (defaultPorts[protocol] ?? 0) : Number(port);
  return {
    origin: `${protocol === 'amqps:' ? 'https' : 'http'}://${hostname}:${amqpPort + managementDistance}`,
    authorization: `Basic ${Buffer.from(login).toString('base64')}`,
  };
};

/**
 * Asks the management API of a RabbitMQ, which listens 10,000 above the port of AMQP: `askManagement(url, 'GET', 'queues/my-vhost')`.
 *
 * @param path - below `/api/`, its parts percent-encoded.
 * @returns what the API answered, undefined if that is nothing.
 * @throws {@link ServiceFailed} if it can't be reached or refuses.
 */
export const askManagement = async (
  amqpUrl: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const { origin, authorization } = managementOf(amqpUrl);
  const headers = { authorization, 'content-type': 'application/json' };
  const options = { method, headers, signal: AbortSignal.timeout(20_000), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${origin}/api/${path}`, options).catch((cause: unknown) => {
    throw new ServiceFailed(`No RabbitMQ management API answers at ${origin}: tests need the plugin rabbitmq_management on that port.`, {
      cause,
    });
  });
  const answer = await response.text();
  if (!response.ok) throw new ServiceFailed(`RabbitMQ's management API refused ${method} ${path}: ${response.status} ${answer}`);
  return answer === '' ? undefined : JSON.parse(answer);
};

/** The same server's URL with another virtual host. */
const urlOfVirtualHost = (amqpUrl: string, name: string): string => {
  const other = new URL(amqpUrl);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
};

/** Makes an empty virtual host in which the URL's user may do everything, and answers its URL. */
export const createVirtualHost = async (amqpUrl: string, name: string): Promise<string> => {
  const host = encodeURIComponent(name);
  await askManagement(amqpUrl, 'PUT', `vhosts/${host}`);
  const { username } = new URL(amqpUrl);
  await askManagement(amqpUrl, 'PUT', `permissions/${host}/${username}`, { configure: '.*', write: '.*', read: '.*' });
  return urlOfVirtualHost(amqpUrl, name);
};

/** Deletes the virtual hosts whose name is one of those meant, with all that is in them and the connections to them. */
export const deleteVirtualHosts = async (amqpUrl: string, isMeant: (name: string) => boolean): Promise<void> => {
  const hosts = await askManagement(amqpUrl, 'GET', 'vhosts');
  if (!Array.isArray(hosts)) throw new ServiceFailed('RabbitMQ’s management API did not list its virtual hosts.');
  const names = hosts.map(({ name }: { name: string }) => name).filter(isMeant);
  for (const name of names) await askManagement(amqpUrl, 'DELETE', `vhosts/${encodeURIComponent(name)}`);
};
