import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Installation, installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

const title = 'Apache Kafka';
const variable = 'ES_KAFKA_BROKERS';

const java: Installation = {
  title: `Java, which ${title} needs,`,
  variable,
  packages: { 'apt-get': 'default-jre-headless', dnf: 'java-17-openjdk-headless', apk: 'openjdk17-jre-headless', brew: 'openjdk@17' },
};
const maven: Installation = {
  title: `Maven, which fetches ${title},`,
  variable,
  packages: { 'apt-get': 'maven', dnf: 'maven', apk: 'maven', brew: 'maven' },
};

/** The folder of the `java` to run Kafka with, undefined where there is none: of version 17, which every Kafka runs on, or the one on the `PATH`. */
export const folderOfJava = (): string | undefined =>
  folderOfPrograms(['java'], ['/usr/lib/jvm/*-17-*/bin', '/opt/homebrew/opt/openjdk@17/bin', '/usr/local/opt/openjdk@17/bin']);

/** Fetched once for all checkouts of a user. */
const jarsOf = (version: string): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'es-services', `kafka-${version}`);

/** The folder of Kafka's jars; undefined while they, or Java, are not there. */
export const findKafka = (version: string): string | undefined => {
  const jars = jarsOf(version);
  return folderOfJava() !== undefined && existsSync(jars) ? jars : undefined;
};

const project = (version: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>es-internal</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** Has Maven fetch Kafka and all that it depends on from Maven Central, whole or not at all. */
const fetchJars = async (workplace: Workplace, version: string): Promise<void> => {
  const jars = jarsOf(version);
  if (existsSync(jars)) return;
  workplace.say(`Fetching ${title} ${version} from Maven Central …`);
  mkdirSync(join(jars, '..'), { recursive: true });
  const draft = mkdtempSync(`${jars}.`);
  try {
    writeFileSync(join(draft, 'pom.xml'), project(version));
    await runCommand({
      command: 'mvn',
      args: ['--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'],
      cwd: draft,
      log: join(workplace.folder, 'install.log'),
    });
    renameSync(join(draft, 'jars'), jars);
  } catch (failure) {
    // Another checkout, which fetched them at the same time, may have been faster.
    if (!existsSync(jars)) throw failure;
  } finally {
    rmSync(draft, { recursive: true });
  }
};

/**
 * Sees to it that this machine has Java and Kafka's jars of a version.
 *
 * @throws `ServiceUnavailable` with advice where Java or Maven is missing and this process is not root on Debian or its kin; `ServiceFailed` if
 *   installing or fetching fails.
 */
export const installKafka = async (workplace: Workplace, version: string): Promise<void> => {
  if (folderOfJava() === undefined) await installPackages(workplace, java);
  if (existsSync(jarsOf(version))) return;
  if (folderOfPrograms(['mvn']) === undefined) await installPackages(workplace, maven);
  await fetchJars(workplace, version);
};
