import assert from 'node:assert/strict';
import { createTelemetryRecorder, type TelemetryRecorder, type TelemetryRecorderOptions } from './telemetry-recorder.ts';

/** Runs a function under a recorder of its own, and expects that it leaves no span open. */
export async function withRecorder(
  fn: (recorder: TelemetryRecorder) => Promise<void>,
  options: TelemetryRecorderOptions = {},
): Promise<void> {
  const recorder = createTelemetryRecorder(options);
  try {
    await fn(recorder);
    const open = recorder.openSpans().map((span) => span.name);
    assert.deepEqual(open, [], 'spans were started and never ended');
  } finally {
    recorder.stop();
  }
}
