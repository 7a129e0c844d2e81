// Takes services down, all of them if none is named:  node services/down.ts [--delete-data] [postgres …]
import { services } from './src/catalogue.ts';
import { command } from './src/command.ts';
import { takeDown } from './src/take-down.ts';

await command(async (workplace, wanted, { deleteData }) => {
  const told = new Set<string>();
  for (const service of wanted.length === 0 ? services : wanted) {
    for (const { service: name, stopped, users } of await takeDown(workplace, service, deleteData)) {
      if (told.has(name) && !stopped) continue;
      told.add(name);
      const inUse = users.length === 0 ? '' : `, although process ${users.join(', ')} used it`;
      console.log(stopped ? `${name}: stopped${inUse}` : `${name}: none of ours was running`);
    }
  }
});
