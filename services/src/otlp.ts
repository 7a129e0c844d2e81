/** What of OTLP's JSON form is read here; see the protocol buffers of OpenTelemetry. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
    readonly arrayValue?: { readonly values: readonly { readonly stringValue?: string }[] };
  };
}

/** A span. Ids are hexadecimal, times nanoseconds since 1970 in decimals; kinds are those of the API and one more. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent or empty for a root. */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A number with what it is about. */
export interface OtlpNumber {
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly attributes?: readonly OtlpAttribute[];
}

/** How values are distributed, with what they are about. */
export interface OtlpDistribution {
  readonly count: string | number;
  readonly sum?: number;
  readonly attributes?: readonly OtlpAttribute[];
}

/** A metric: a counter has a sum, what is measured now a gauge, a distribution a histogram. */
export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly OtlpNumber[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpNumber[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpDistribution[] };
}

interface OfResource {
  readonly resource: { readonly attributes?: readonly OtlpAttribute[] };
}

/** An export of traces, of metrics, or of something that is not read here. */
export interface OtlpRequest {
  readonly resourceSpans?: readonly (OfResource & { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] })[];
  readonly resourceMetrics?: readonly (OfResource & {
    readonly scopeMetrics: readonly { readonly scope?: { readonly name: string }; readonly metrics: readonly OtlpMetric[] }[];
  })[];
}

/** A span and the service that made it. */
export interface ServiceSpan {
  readonly service: string;
  readonly span: OtlpSpan;
}

/** A metric and the service that measured it. */
export interface ServiceMetric {
  readonly service: string;
  /** The package that measured it. */
  readonly scope: string;
  readonly metric: OtlpMetric;
}

const serviceOf = ({ resource }: OfResource): string =>
  resource.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';

/** The spans of an export. */
export const spansIn = ({ resourceSpans = [] }: OtlpRequest): readonly ServiceSpan[] =>
  resourceSpans.flatMap((of) => of.scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ service: serviceOf(of), span }))));

/** The metrics of an export. */
export const metricsIn = ({ resourceMetrics = [] }: OtlpRequest): readonly ServiceMetric[] =>
  resourceMetrics.flatMap((of) =>
    of.scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.map((metric) => ({ service: serviceOf(of), scope: scope?.name ?? '', metric })),
    ),
  );

const plain = ({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpAttribute['value']) => {
  if (arrayValue !== undefined) return arrayValue.values.map((item) => item.stringValue ?? '');
  return stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue));
};

/** Attributes by their keys. */
export const attributesOf = ({ attributes = [] }: { readonly attributes?: readonly OtlpAttribute[] }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
