import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, keepInCache } from './cache.ts';
import { type Installation, installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

/** A server written in Java, which Maven Central has. */
export interface JavaServer {
  /** Its name for people. */
  readonly title: string;
  /** The environment variable that names a server of the user's own. */
  readonly variable: string;
  /** The name of its folder in the cache, with the version. */
  readonly folder: string;
  /** What to fetch: `group:artifact:version`, with everything that it needs; or `group:artifact:version:classifier`, which has that in it. */
  readonly artifacts: readonly string[];
}

/** The folder of the `java` to run servers with, undefined where there is none: of version 17, on which all of them run, or the one on the `PATH`. */
export const folderOfJava = (): string | undefined =>
  folderOfPrograms(['java'], ['/usr/lib/jvm/*-17-*/bin', '/opt/homebrew/opt/openjdk@17/bin', '/usr/local/opt/openjdk@17/bin']);

/** The folder of a server's jars; undefined while they, or Java, are not there. */
export const findJars = ({ folder }: JavaServer): string | undefined =>
  folderOfJava() !== undefined && existsSync(cached(folder)) ? cached(folder) : undefined;

const javaFor = ({ title, variable }: JavaServer): Installation => ({
  title: `Java, which ${title} needs,`,
  variable,
  packages: { 'apt-get': 'default-jre-headless', dnf: 'java-17-openjdk-headless', apk: 'openjdk17-jre-headless', brew: 'openjdk@17' },
});

const mavenFor = ({ title, variable }: JavaServer): Installation => ({
  title: `Maven, which fetches ${title},`,
  variable,
  packages: { 'apt-get': 'maven', dnf: 'maven', apk: 'maven', brew: 'maven' },
});

const dependency = (artifact: string): string => {
  const [groupId, artifactId, version, classifier] = artifact.split(':');
  const alone = `<classifier>${classifier}</classifier>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>`;
  return `    <dependency>
      <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>${classifier === undefined ? '' : alone}
    </dependency>`;
};

const project = ({ folder, artifacts }: JavaServer): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>es-internal</groupId>
  <artifactId>${folder}</artifactId>
  <version>1</version>
  <dependencies>
${artifacts.map(dependency).join('\n')}
  </dependencies>
</project>
`;

/**
 * Sees to it that this machine has Java and a server's jars.
 *
 * @throws `ServiceUnavailable` with advice where Java or Maven is missing and this process is not root on Debian or its kin; `ServiceFailed` if
 *   installing or fetching fails.
 */
export const installJars = async (workplace: Workplace, server: JavaServer): Promise<void> => {
  if (folderOfJava() === undefined) await installPackages(workplace, javaFor(server));
  if (existsSync(cached(server.folder))) return;
  if (folderOfPrograms(['mvn']) === undefined) await installPackages(workplace, mavenFor(server));
  workplace.say(`Fetching ${server.title} from Maven Central …`);
  await keepInCache(server.folder, async (draft) => {
    writeFileSync(join(draft, 'pom.xml'), project(server));
    await runCommand({
      command: 'mvn',
      args: ['--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'],
      cwd: draft,
      log: join(workplace.folder, 'install.log'),
    });
    return join(draft, 'jars');
  });
};
