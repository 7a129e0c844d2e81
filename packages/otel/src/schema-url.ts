/** The version of OpenTelemetry's semantic conventions that the names in this package follow; spans and metrics bear it. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';
