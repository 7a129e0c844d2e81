import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { services } from './catalogue.ts';
import { repository } from './workplace.ts';

interface ComposeFile {
  readonly services: Record<
    string,
    {
      image: string;
      ports: string[];
      profiles?: string[];
      healthcheck: unknown;
      volumes?: string[];
      depends_on?: Record<string, { condition: string }>;
    }
  >;
  readonly volumes: Record<string, unknown>;
}

const compose: ComposeFile = parse(readFileSync(join(repository, 'compose.yaml'), 'utf8'));

describe('compose.yaml', () => {
  it('has the services that can be brought up, and others only by a profile', () => {
    const always = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name)).toEqual(services.map(({ name }) => name));
  });

  it.each(Object.entries(compose.services))('%s: pinned, on loopback alone', (_name, { image, ports }) => {
    expect(image).toMatch(/:v?\d+\.\d+/);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(services.map((service) => [service.name, service] as const))('%s: checked, at its own port', (name, service) => {
    const described = compose.services[name];
    expect(described?.healthcheck).toBeDefined();
    const others = Object.entries(service.composeEnv?.(service.defaultPort) ?? {});
    const ports = [[`ES_${name.toUpperCase()}_PORT`, service.defaultPort], ...others];
    expect(described?.ports).toEqual(
      ports.map(([variable, port]) => expect.stringMatching(`^127\\.0\\.0\\.1:\\$\\{${variable}:-${port}\\}:\\d+$`)),
    );
    expect(Object.keys(described?.depends_on ?? {})).toEqual(service.needs.map((need) => need.name));
  });

  it('keeps data in volumes named as they are deleted', () => {
    const used = Object.entries(compose.services).flatMap(([name, { volumes = [] }]) =>
      volumes.map((volume) => [name, volume.split(':')[0]]),
    );
    expect(used).toEqual(Object.keys(compose.volumes).map((volume) => [volume.replace(/-data$/, ''), volume]));
  });
});
