import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '@es-internal/interop/python-environment';
import { CannotRun } from '../harness/bench.ts';
import type { PythonLocation } from './broker-place.ts';

const program = fileURLToPath(new URL('../../python/peer.py', import.meta.url));

/** What `python/peer.py` can be told. */
type Command =
  | { readonly do: 'subscribe' | 'release' | 'cpu' }
  | { readonly do: 'make'; readonly lines: readonly object[] }
  | { readonly do: 'publish'; readonly batch: number }
  | { readonly do: 'expect'; readonly events: number };

/** eventsource-py in a process of its own. */
export class PythonPeer {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  #errors = '';

  private constructor(python: string, location: PythonLocation) {
    const child = spawn(python, [program, JSON.stringify(location)], { stdio: 'pipe' });
    this.#process = child;
    this.#ended = once(child, 'close');
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-2_000);
    });
  }

  /** @throws {@link CannotRun} where there is no Python with eventsource-py. */
  static async start(location: PythonLocation): Promise<PythonPeer> {
    const offer = await pythonEnvironment();
    if ('unavailable' in offer) throw new CannotRun(offer.unavailable);
    return new PythonPeer(offer.python, location);
  }

  /** Resolves with the answer when the command is carried out. */
  async tell<Answer>(command: Command): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
    const { done, value } = await this.#answers.next();
    if (done === true) throw new Error(`peer.py ended instead of answering ${command.do}:\n${this.#errors}`);
    return JSON.parse(value) as Answer;
  }

  /** CPU time that it has taken so far, in milliseconds. */
  readonly cpuMs = async (): Promise<number> => (await this.tell<{ readonly ms: number }>({ do: 'cpu' })).ms;

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await this.#ended;
  }
}
