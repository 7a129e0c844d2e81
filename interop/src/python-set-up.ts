import type { TestProject } from 'vitest/node';
import { type PythonOffer, pythonEnvironment } from './python-environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    python: PythonOffer;
  }
}

/** A vitest global set-up: a Python with eventsource-py is there before the tests. */
export default async function setUp(project: TestProject): Promise<void> {
  project.provide('python', await pythonEnvironment());
}
