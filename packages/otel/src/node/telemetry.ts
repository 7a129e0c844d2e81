/** The telemetry of a process, from its start to its {@link Telemetry.shutdown}. */
export interface Telemetry extends AsyncDisposable {
  /**
   * Delivers all spans that have ended, all metrics up to now and all log records made so far. After `shutdown` it does nothing.
   *
   * @throws {@link TelemetryError} `ES_TELEMETRY_EXPORT_FAILED` when something could not be delivered; the cause says why.
   */
  forceFlush(): Promise<void>;
  /**
   * Delivers what is left, stops, and takes away what was registered, so that telemetry can be started again.
   *
   * Calling it again does no more and waits for the same end. It never fails: a service must not fail to stop because nobody takes its
   * telemetry. What could not be delivered is logged as a warning. It takes as long as the exporters try, 10 seconds by default
   * (`OTEL_EXPORTER_OTLP_TIMEOUT`).
   */
  shutdown(): Promise<void>;
  /** {@link Telemetry.shutdown}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
