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

interface OtlpResource {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] };
}

/** A span. Ids are hexadecimal, times nanoseconds since 1970 in decimals, kinds those of the API and one more. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** A metric: a counter has a sum, what is measured now a gauge, a distribution a histogram. */
export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly OtlpNumber[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpNumber[] };
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly count: string | number;
      readonly sum?: number;
      readonly attributes: readonly OtlpAttribute[];
    }[];
  };
}

/** A number with what it is about. */
export interface OtlpNumber {
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly attributes: readonly OtlpAttribute[];
}

export interface OtlpTracesRequest {
  readonly resourceSpans: readonly (OtlpResource & { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] })[];
}

export interface OtlpMetricsRequest {
  readonly resourceMetrics: readonly (OtlpResource & {
    readonly scopeMetrics: readonly { readonly scope?: { readonly name: string }; readonly metrics: readonly OtlpMetric[] }[];
  })[];
}
