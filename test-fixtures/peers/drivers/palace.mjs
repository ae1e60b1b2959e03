// Drives a MemPalace server with several clients that add and query knowledge-graph facts at once.
// Usage: node palace.mjs CLIENTS COMMAND ARGS…

import { PeerClient } from './client.mjs';
import { serve } from './steps.mjs';

const [count, ...command] = process.argv.slice(2);
const clients = Array.from({ length: Number(count) }, (_, i) => new PeerClient(`agent-${i + 1}`));

const objectOf = (client, i) => `fact ${i} of ${client}`;

async function add(client, subject, object) {
  const { text } = await client.call('mempalace_kg_add', { subject, predicate: 'knows', object });
  return JSON.parse(text).success === true;
}

/** The objects that the palace knows of a subject, sorted. */
async function known(client, subject) {
  const { text } = await client.call('mempalace_kg_query', { entity: subject, direction: 'outgoing' });
  return JSON.parse(text)
    .facts.map((fact) => fact.object)
    .sort();
}

const steps = {
  async connect() {
    return Promise.all(clients.map((client) => client.connect(command)));
  },

  async list() {
    return Promise.all(
      clients.map(async ({ name, sdk }) => ({
        client: name,
        tools: (await sdk.listTools()).tools.map((tool) => tool.name),
      })),
    );
  },

  /** What the first client is told of the tools: the members at the root of each schema, and the description. */
  async schemas() {
    const { tools } = await clients[0].sdk.listTools();
    return tools.map(({ name, description, inputSchema }) => ({ name, description, root: Object.keys(inputSchema) }));
  },

  /** Has the first client wait for an event that never comes, and the last one work meanwhile; how long either took. */
  async wait() {
    const begin = Date.now();
    const took = async (call) => ({ text: (await call).text, ms: Date.now() - begin });
    const [waited, worked] = await Promise.all([
      took(clients[0].call('mempalace_event_wait', { stream: 'nothing', timeout_ms: 300000 })),
      took(clients.at(-1).call('mempalace_kg_stats', {})),
    ]);
    return { waited, worked };
  },

  /** Everybody adds facts of its own and one to a subject shared by all, and reads in between. */
  async add({ facts }) {
    const failed = [];
    const unread = [];
    await Promise.all(
      clients.map(async (client) => {
        const { name } = client;
        await Promise.all(
          Array.from({ length: facts }, async (_, i) => {
            if (!(await add(client, name, objectOf(name, i)))) failed.push(objectOf(name, i));
            if (!(await known(client, name)).includes(objectOf(name, i))) unread.push(objectOf(name, i));
          }),
        );
        if (!(await add(client, 'everybody', name))) failed.push(`everybody knows ${name}`);
      }),
    );
    return { added: clients.length * (facts + 1) - failed.length, failed, unread };
  },

  /** What each client finds of the facts of the `agents` clients that added them. */
  async find({ agents, facts }) {
    const names = Array.from({ length: agents }, (_, i) => `agent-${i + 1}`);
    const missing = [];
    for (const client of clients) {
      for (const name of names) {
        const objects = await known(client, name);
        const wanted = Array.from({ length: facts }, (_, i) => objectOf(name, i)).sort();
        if (JSON.stringify(objects) !== JSON.stringify(wanted)) {
          missing.push({ client: client.name, subject: name, objects });
        }
      }
      const objects = await known(client, 'everybody');
      if (JSON.stringify(objects) !== JSON.stringify(names)) {
        missing.push({ client: client.name, subject: 'everybody', objects });
      }
    }
    return { missing };
  },

  async violations() {
    return clients.flatMap(({ name, violations }) => violations.map((v) => ({ client: name, ...v })));
  },
};

await serve(steps, () => Promise.all(clients.map((client) => client.close())));
