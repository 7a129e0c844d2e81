// Says how services stand, and ends with status 1 if one that was named does not run:  node services/status.ts [postgres …]
import { services } from './src/catalogue.ts';
import { command } from './src/command.ts';
import { instancesOf } from './src/instances.ts';
import { statusOf } from './src/status.ts';

await command(async (workplace, wanted) => {
  for (const service of wanted.length === 0 ? services : wanted) {
    for (const instance of instancesOf(workplace, service)) {
      const { running, text } = await statusOf(workplace, instance);
      console.log(text);
      if (!running && instance === service && wanted.length > 0) process.exitCode = 1;
    }
  }
});
