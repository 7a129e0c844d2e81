import { displayUrl } from './endpoint.ts';
import { OTLP_PROTOCOLS } from './otlp-target.ts';
import { TelemetryError } from './telemetry-error.ts';

/** Throws, naming the option, when its value can't work. */
type Check = (where: string, value: unknown) => void;

const isString: Check = (where, value) => {
  if (typeof value !== 'string' || value.trim() === '') refuse(where, `is ${kindOf(value)}; it must be a text that is not empty`);
};

const isBoolean: Check = (where, value) => {
  if (typeof value !== 'boolean') refuse(where, `is ${kindOf(value)}; it must be true or false`);
};

const isFunction: Check = (where, value) => {
  if (typeof value !== 'function') refuse(where, `is ${kindOf(value)}; it must be a function`);
};

const isPositive: Check = (where, value) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) refuse(where, `is ${kindOf(value)}; it must be a number above 0`);
};

const isRatio: Check = (where, value) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) refuse(where, `is ${kindOf(value)}; it must be a number from 0 to 1`);
};

const isObject: Check = (where, value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(where, `is ${kindOf(value)}; it must be an object`);
};

const isStringList: Check = (where, value) => {
  if (!Array.isArray(value)) refuse(where, `is ${kindOf(value)}; it must be a list of names`);
  for (const [index, item] of value.entries()) isString(`${where}[${index}]`, item);
};

const isUrl: Check = (where, value) => {
  isString(where, value);
  const url = URL.parse(String(value));
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    refuse(where, 'is not a URL; write http://host:port for a connection in the clear, https://host:port for one with TLS');
  }
};

const isHeaders: Check = (where, value) => {
  isObject(where, value);
  for (const [name, content] of Object.entries(value as object)) {
    if (!/^[\w.-]+$/.test(name)) refuse(where, 'has a name with other characters than letters, digits, "-", "_" and "."');
    // The value stays out of the message: headers carry keys.
    if (typeof content !== 'string' || /[^ -~]/.test(content)) {
      refuse(`${where}['${name}']`, 'has a value that can not be sent; it must be a text of printable ASCII characters');
    }
  }
};

const CHECKS = {
  attributes: isStringList,
  colors: isBoolean,
  exportIntervalMillis: isPositive,
  exporter: isString,
  headers: isHeaders,
  maxSpans: isPositive,
  maxTraces: isPositive,
  processor: oneOf(['batch', 'simple']),
  protocol: oneOf(OTLP_PROTOCOLS),
  url: isUrl,
  write: isFunction,
} satisfies Record<string, Check>;

const OTLP = ['exporter', 'protocol', 'url', 'headers'] as const;

type TargetOption = keyof typeof CHECKS;
type SignalOption = 'traces' | 'metrics' | 'logs';

/** For each signal the exporters by name with the options that each has. */
const TARGETS: Readonly<Record<SignalOption, Readonly<Record<string, readonly TargetOption[]>>>> = {
  traces: {
    console: ['exporter'],
    tree: ['exporter', 'write', 'attributes', 'colors', 'maxTraces', 'maxSpans'],
    otlp: [...OTLP, 'processor'],
    zipkin: ['exporter', 'url', 'processor'],
  },
  metrics: { console: ['exporter', 'exportIntervalMillis'], otlp: [...OTLP, 'exportIntervalMillis'] },
  logs: { console: ['exporter'], otlp: OTLP },
};

/** What tells an object of the user's own from a target's settings. */
const OWN_OBJECTS: Readonly<Record<SignalOption, { readonly methods: readonly string[]; readonly words: string }>> = {
  traces: { methods: ['export', 'onEnd'], words: 'a SpanExporter or a SpanProcessor' },
  metrics: { methods: ['setMetricProducer'], words: 'a metric reader' },
  logs: { methods: ['onEmit'], words: 'a LogRecordProcessor' },
};

const OPTIONS: Readonly<Record<string, Check>> = {
  serviceName: isString,
  serviceVersion: isString,
  resourceAttributes: isObject,
  traces: (where, value) => checkTargets('traces', where, value),
  metrics: (where, value) => checkTargets('metrics', where, value),
  logs: (where, value) => checkTargets('logs', where, value),
  sampler: (where, value) => {
    if (!hasMethod(value, 'shouldSample')) refuse(where, `is ${kindOf(value)}; it must be a Sampler, an object with shouldSample()`);
  },
  samplingRatio: isRatio,
  instrumentations: (where, value) => {
    const list = Array.isArray(value) ? value.flat() : [value];
    if (!list.every((item) => hasMethod(item, 'enable'))) refuse(where, 'must be a list of instrumentations, objects with enable()');
  },
};

/**
 * Checks the options of `startTelemetry` as they come, for callers without types too.
 *
 * @throws {@link TelemetryError} `ES_TELEMETRY_OPTIONS`, naming the option and what to write instead.
 */
export function checkOptions(options: object): void {
  checkProperties('', options, Object.keys(OPTIONS), OPTIONS);
  const { sampler, samplingRatio } = options as { sampler?: unknown; samplingRatio?: unknown };
  if (sampler !== undefined && samplingRatio !== undefined) {
    refuse('sampler', 'and samplingRatio exclude each other; leave one of them out');
  }
}

function checkTargets(signal: SignalOption, where: string, value: unknown): void {
  if (value === false) return;
  if (!Array.isArray(value)) {
    checkTarget(signal, where, value);
    return;
  }
  if (value.length === 0) refuse(where, 'is an empty list; write false for nowhere');
  for (const [index, target] of value.entries()) checkTarget(signal, `${where}[${index}]`, target);
}

function checkTarget(signal: SignalOption, where: string, target: unknown): void {
  const { methods, words } = OWN_OBJECTS[signal];
  if (methods.some((method) => hasMethod(target, method))) return;
  const settings = typeof target === 'string' ? { exporter: target } : target;
  const exporters = TARGETS[signal];
  const name = typeof settings === 'object' && settings !== null && 'exporter' in settings ? settings.exporter : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(exporters, name)) {
    refuse(where, `is none of ${quoted(Object.keys(exporters))}, nor an object with such an exporter, nor ${words}`);
  }
  checkProperties(`${where}.`, settings as object, exporters[name] ?? [], CHECKS);
  checkGrpcUrl(where, settings as { protocol?: unknown; url?: unknown });
}

function checkGrpcUrl(where: string, { protocol, url }: { protocol?: unknown; url?: unknown }): void {
  if (protocol !== 'grpc' || url === undefined) return;
  const parsed = new URL(String(url));
  if (parsed.pathname !== '/') refuse(`${where}.url`, `(${displayUrl(parsed)}) has a path, which gRPC does not know; leave it out`);
}

function checkProperties(where: string, given: object, known: readonly string[], checks: Readonly<Record<string, Check>>): void {
  for (const [key, value] of Object.entries(given)) {
    if (!known.includes(key)) refuse(`${where}${key}`, `is not an option here; there are ${quoted(known)}`);
    if (value !== undefined) checks[key]?.(`${where}${key}`, value);
  }
}

function oneOf(words: readonly string[]): Check {
  return (where, value) => {
    if (!words.some((word) => word === value)) refuse(where, `must be one of ${quoted(words)}`);
  };
}

function hasMethod(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}

/** What a value is. Only numbers and booleans are repeated: a text may hold a secret that was put in the wrong place. */
function kindOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function refuse(where: string, why: string): never {
  throw new TelemetryError('ES_TELEMETRY_OPTIONS', `startTelemetry: option ${where} ${why}.`);
}
