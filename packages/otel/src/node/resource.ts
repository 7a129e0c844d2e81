import type { Resource, ResourceDetector } from '@opentelemetry/resources';
import { environmentString } from './environment.ts';
import type { Packages } from './packages.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

type Resources = Packages['@opentelemetry/resources'];

// Without 'process', which the SDK runs by default: it sends the command line, where secrets are often passed.
const DEFAULT_DETECTORS: readonly string[] = ['host', 'os', 'service'];

/**
 * What the telemetry says about the service that sends it. In the order of their weight: the options, `OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES`, and what the detectors named by `OTEL_NODE_RESOURCE_DETECTORS` find out.
 */
export async function createResource(options: TelemetryOptions, resources: Resources): Promise<Resource> {
  const { defaultResource, detectResources, resourceFromAttributes } = resources;
  const resource = defaultResource()
    .merge(detectResources({ detectors: chosenDetectors(resources) }))
    .merge(resourceFromAttributes(explicitAttributes(options)));
  // Settled here once: otherwise every exporter waits for it, and the first spans of a short run come out of order.
  await resource.waitForAsyncAttributes?.();
  return resource;
}

function explicitAttributes({ serviceName, serviceVersion, resourceAttributes }: TelemetryOptions): Record<string, unknown> {
  const attributes: Record<string, unknown> = { ...resourceAttributes };
  if (serviceVersion !== undefined) attributes['service.version'] = serviceVersion;
  if (serviceName !== undefined) attributes['service.name'] = serviceName;
  return attributes;
}

function chosenDetectors(resources: Resources): ResourceDetector[] {
  const { envDetector, hostDetector, osDetector, processDetector, serviceInstanceIdDetector } = resources;
  const detectors = new Map<string, ResourceDetector>([
    ['host', hostDetector],
    ['os', osDetector],
    ['process', processDetector],
    ['service', serviceInstanceIdDetector],
  ]);
  const chosen = detectorNames();
  const wanted = [...detectors].filter(([name]) => chosen.includes(name) || chosen.includes('all')).map(([, detector]) => detector);
  // Always, and last: what the environment says wins over what was found out.
  return [...wanted, envDetector];
}

function detectorNames(): readonly string[] {
  const names = environmentString('OTEL_NODE_RESOURCE_DETECTORS')?.split(',');
  // The SDK is in the middle of renaming this one.
  return names?.map((name) => name.trim().replace(/^serviceinstance$/, 'service')) ?? DEFAULT_DETECTORS;
}
