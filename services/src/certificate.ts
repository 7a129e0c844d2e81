import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceUnavailable } from './errors.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';

/** A certificate for `localhost` and `127.0.0.1`, and the authority of its own that signed it. All of them are PEM texts. */
export interface Certificate {
  /** What clients are to trust. */
  readonly ca: string;
  readonly cert: string;
  /** The certificate's private key, in PKCS #8. */
  readonly key: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/**
 * Makes a certificate for a day, with `openssl`.
 *
 * @throws {@link ServiceUnavailable} if `openssl` is not on the `PATH`.
 */
export const createCertificate = async (): Promise<Certificate> => {
  if (folderOfPrograms(['openssl']) === undefined)
    throw new ServiceUnavailable('openssl, which makes certificates for tests, is not on the PATH.');
  const folder = mkdtempSync(join(tmpdir(), 'es-certificate-'));
  const openssl = (...args: string[]): Promise<void> => runCommand({ command: 'openssl', args, cwd: folder, log: join(folder, 'log') });
  const pem = (name: string): string => readFileSync(join(folder, `${name}.pem`), 'utf8');
  try {
    await openssl(
      'req',
      '-x509',
      ...newKey,
      '-days',
      '1',
      '-subj',
      '/CN=An authority for tests',
      '-keyout',
      'ca-key.pem',
      '-out',
      'ca.pem',
    );
    await openssl('req', '-new', ...newKey, '-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'request.pem');
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'];
    await openssl('x509', '-req', '-in', 'request.pem', ...authority, '-days', '1', '-extfile', 'names', '-out', 'cert.pem');
    return { ca: pem('ca'), cert: pem('cert'), key: pem('key') };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
