/**
 * What went wrong with the telemetry itself. Stable across releases; match on it rather than on the class or the message.
 *
 * - `ES_TELEMETRY_OPTIONS`: an option of `startTelemetry` has a value that can't work.
 * - `ES_TELEMETRY_PACKAGE_MISSING`: a package that the options need is not installed.
 * - `ES_TELEMETRY_ALREADY_STARTED`: an OpenTelemetry SDK is registered in this process already, by us or by somebody else.
 * - `ES_TELEMETRY_API_MISMATCH`: the SDK registered with a copy of `@opentelemetry/api` that this package can't see.
 * - `ES_TELEMETRY_START_FAILED`: the SDK refused to start; the cause says why.
 * - `ES_TELEMETRY_EXPORT_FAILED`: something could not be delivered during `forceFlush`.
 */
export type TelemetryErrorCode =
  | 'ES_TELEMETRY_OPTIONS'
  | 'ES_TELEMETRY_PACKAGE_MISSING'
  | 'ES_TELEMETRY_ALREADY_STARTED'
  | 'ES_TELEMETRY_API_MISMATCH'
  | 'ES_TELEMETRY_START_FAILED'
  | 'ES_TELEMETRY_EXPORT_FAILED';

/** A failure of the telemetry set-up or of its delivery, never of the application that is observed. Holds no header value and no password. */
export class TelemetryError extends Error {
  readonly code: TelemetryErrorCode;
  override readonly name = 'TelemetryError';

  constructor(code: TelemetryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
