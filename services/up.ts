// Brings services up and says where they are, as lines that a shell can evaluate:  node services/up.ts postgres pgbouncer
import { bringUp } from './src/bring-up.ts';
import { services } from './src/catalogue.ts';
import { command } from './src/command.ts';

await command(async (workplace, wanted) => {
  if (wanted.length === 0) throw new Error(`Which of these? ${services.map(({ name }) => name).join(', ')}`);
  for (const service of wanted) {
    const { url } = await bringUp(workplace, service, { keep: true });
    console.log(`export ${service.variable}='${url}'`);
  }
});
