import { scenarios } from '../scenarios/index.ts';
import { Bench, CannotRun, type Scale } from './bench.ts';
import type { ScenarioMessage } from './run-scenario.ts';

/* The program of one scenario's process: `scenario-process.ts <id> <scale> <own folder> <folder of the run>`. */
const [id, scale, folder = '', sharedFolder = ''] = process.argv.slice(2);
const scenario = scenarios.find((candidate) => candidate.id === id);
if (scenario === undefined || process.send === undefined) throw new Error('This is started by run-scenario.ts.');

const outcome = async (): Promise<ScenarioMessage> => {
  try {
    return { finding: await scenario.measure(new Bench(scale as Scale, folder, sharedFolder)) };
  } catch (error) {
    if (error instanceof CannotRun) return { cannotRun: error.message };
    throw error;
  }
};

process.send(await outcome());
// Timers of an SDK and a driver's threads would keep the process.
process.disconnect();
