import { buildConfluent } from '../confluent-build.ts';
import { workplaceOf } from '../workplace.ts';

/** A vitest global set-up: `ES_CONFLUENT_FOLDER` names the folder of Confluent's Kafka library, in tests and in the processes that they start. */
const setUp = async (): Promise<void> => {
  process.env['ES_CONFLUENT_FOLDER'] ??= await buildConfluent(workplaceOf(process.env));
};

export default setUp;
