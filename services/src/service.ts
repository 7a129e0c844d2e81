import type { Account } from './account.ts';
import type { Workplace } from './workplace.ts';

/** A server that tests, examples and people may need. Each one is a file of its own that exports one of these. */
export interface Service {
  /** Also the name of its service in `compose.yaml` and of its folder. */
  readonly name: string;
  /** The environment variable that names a server of the user's own; if it is set, nothing is started or stopped. */
  readonly variable: string;
  /** The loopback port tried first, away from the server's usual one. */
  readonly defaultPort: number;
  /** Services that must be up before it, of the same engine. */
  readonly needs: readonly Service[];
  /**
   * Resolves if a client that connects to `url` gets a sensible answer, from the server that was meant: a stranger that took the port
   * first must fail it, for instance because it doesn't know the password in the URL, or because it is not `identity`, if that is known.
   */
  readonly probe: (url: string, identity?: string) => Promise<void>;
  /** Whether a probe's failure won't go away by waiting, such as a wrong password. */
  readonly isHopeless: (failure: unknown) => boolean;
  /** The URL of the one in `compose.yaml`, published on `port`. */
  readonly composeUrl: (port: number) => string;
  /** What else `compose.yaml` asks the environment for, beside the service's own port. */
  readonly composeEnv?: (port: number) => NodeJS.ProcessEnv;
  readonly native: NativeServer;
}

/** A server that answers. */
export interface Server {
  /** Who runs it: the user whose URL the environment names, the Docker engine, or this machine's own programs. */
  readonly engine: 'environment' | 'docker' | 'native';
  readonly url: string;
}

/** A service run by programs that are installed on this machine. */
export interface NativeServer {
  /** The account to become when run by root, for servers that refuse to run as root. */
  readonly account?: string;
  /** The folder of its programs; undefined while they are not installed. */
  readonly find: () => string | undefined;
  /** Installs its programs, or throws a {@link ServiceUnavailable} that says what to do. */
  readonly install: (workplace: Workplace) => Promise<void>;
  /** Makes the data folder and the configuration, where they are missing, and answers what to start. */
  readonly prepare: (site: NativeSite) => Promise<Launch>;
  /** Sent in turn until the process is gone; the first one lets it finish in order. */
  readonly stopSignals: readonly NodeJS.Signals[];
}

/** Where a native server is to run. */
export interface NativeSite {
  /** What {@link NativeServer.find} answered. */
  readonly programs: string;
  /** A folder of the server's own, which its account can reach. */
  readonly folder: string;
  /** A port that was free just now. */
  readonly port: number;
  /** Whom to become; undefined when this process is not root. */
  readonly account: Account | undefined;
  /** The URLs of the services that it needs, by name. */
  readonly needs: Readonly<Record<string, string>>;
}

/** A command to start a server with, in the foreground. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How clients reach it once it is ready. */
  readonly url: string;
  /** What it says that it is, where its URL has nothing that a stranger would not accept. */
  readonly identity?: string;
}
