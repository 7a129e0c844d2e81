import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FaultyProxy } from './proxy.ts';

describe('FaultyProxy', () => {
  const received: string[] = [];
  const echo: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received.push(String(data));
      socket.write(data);
    });
  });
  let target = '';
  beforeAll(async () => {
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    const address = echo.address();
    target = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => void echo.close());

  const start = async (): Promise<{ proxy: FaultyProxy; client: () => Promise<Socket> }> => {
    const proxy = await FaultyProxy.before(target);
    onTestFinished(() => proxy.close());
    const client = async (): Promise<Socket> => {
      const socket = connect(proxy.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      return socket;
    };
    return { proxy, client };
  };

  const say = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    const [answer] = await once(socket, 'data');
    return String(answer);
  };

  it('says where it is as the target says it', async () => {
    const { proxy } = await start();
    expect(proxy.url).toBe(`127.0.0.1:${proxy.port}`);
    proxy.target = 'amqp://me:secret@localhost:5672/host';
    expect(proxy.url).toBe(`amqp://me:secret@127.0.0.1:${proxy.port}/host`);
  });

  it('carries bytes, cuts connections, and takes new ones', async () => {
    const { proxy, client } = await start();
    const first = await client();
    expect(await say(first, 'one')).toBe('one');
    const closed = once(first, 'close');
    proxy.cut();
    await closed;
    expect(proxy.connections).toBe(0);
    expect(await say(await client(), 'two')).toBe('two');
  });

  it('refuses new connections, leaves open ones alone, and accepts again on the same port', async () => {
    const { proxy, client } = await start();
    const { port } = proxy;
    const before = await client();
    proxy.refuse();
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await say(before, 'still')).toBe('still');
    await proxy.accept();
    expect(proxy.port).toBe(port);
    expect(await say(await client(), 'again')).toBe('again');
  });

  it('holds everything back while it stalls', async () => {
    const { proxy, client } = await start();
    const socket = await client();
    expect(await say(socket, 'before')).toBe('before');
    proxy.stall();
    const answer = say(socket, 'held');
    // Another way to the same server shows that time has passed for it.
    const direct = connect(Number(target.split(':')[1]), '127.0.0.1');
    onTestFinished(() => void direct.destroy());
    expect(await say(direct, 'direct')).toBe('direct');
    expect(received).not.toContain('held');
    proxy.resume();
    expect(await answer).toBe('held');
  });

  it('delays what goes through', async () => {
    const { proxy, client } = await start();
    const [slow, quick] = [await client(), connect(Number(target.split(':')[1]), '127.0.0.1')];
    onTestFinished(() => void quick.destroy());
    proxy.delayMs = 500;
    const order: string[] = [];
    await Promise.all([say(slow, 'slow'), say(quick, 'quick')].map((answer) => answer.then((text) => order.push(text))));
    expect(order).toEqual(['quick', 'slow']);
  });

  it('keeps an answer back and cuts, so that the server has done what the client never hears of', async () => {
    const { proxy, client } = await start();
    proxy.swallow = (data) => data.includes('lost');
    const socket = await client();
    const closed = once(socket, 'close');
    socket.write('lost');
    await closed;
    expect(received).toContain('lost');
  });
});
