// Drives @modelcontextprotocol/server-everything with several clients at once.
// Usage: node everything.mjs CLIENTS COMMAND ARGS… (each client starts the command for itself)

import { PeerClient } from './client.mjs';
import { serve, until } from './steps.mjs';

const [count, ...command] = process.argv.slice(2);
const clients = Array.from({ length: Number(count) }, (_, i) => new PeerClient(`ts-${i + 1}`));
const all = (act) => Promise.all(clients.map(act));
const first = clients[0];
const second = clients[1 % clients.length];
const third = clients[2 % clients.length];

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const severity = (level) => LEVELS.indexOf(level);

/** The server keeps one switch for its one session: on sends at once what is due, then off again. */
async function flick(client, tool) {
  await client.call(tool);
  await client.call(tool);
}

const steps = {
  /** The first client starts the server, so what it can do is what the server is told. */
  async connect() {
    const opened = [await first.connect(command)];
    opened.push(...(await Promise.all(clients.slice(1).map((client) => client.connect(command)))));
    return opened;
  },

  async list() {
    return all(async ({ name, sdk }) => ({
      client: name,
      tools: (await sdk.listTools()).tools.map((tool) => tool.name),
      prompts: (await sdk.listPrompts()).prompts.map((prompt) => prompt.name),
      resources: (await sdk.listResources()).resources.map((resource) => resource.uri),
      templates: (await sdk.listResourceTemplates()).resourceTemplates.map((t) => t.uriTemplate),
    }));
  },

  /** Everybody calls at once; each payload names its caller, and no answer may name another. */
  async call({ times }) {
    const wrong = [];
    const one = async (client, no, i) => {
      const message = `${client.name} call ${i} — “ünï” \u{1F3DB} \\u0041 ${'x'.repeat(i * 97)}`;
      const echo = await client.call('echo', { message });
      if (echo.text !== `Echo: ${message}`) wrong.push({ client: client.name, i, echo });
      const [a, b] = [no * 1000, i];
      const sum = await client.call('get-sum', { a, b });
      if (!sum.text.includes(` ${a + b}.`)) wrong.push({ client: client.name, i, sum });
    };
    await all((client, no) => Promise.all(Array.from({ length: times }, (_, i) => one(client, no, i))));
    return { calls: clients.length * times * 2, wrong };
  },

  /** Each client's operation has a number of steps that nobody else's has. */
  async progress({ seconds }) {
    return all(async (client, no) => {
      const total = no + 3;
      const { text } = await client.call(
        'trigger-long-running-operation',
        { duration: seconds, steps: total },
        { onprogress() {} },
      );
      return { client: client.name, total, seen: client.progress.splice(0), text };
    });
  },

  /** The first client gives up its call; everybody else's of the same length must come home. */
  async cancel({ seconds }) {
    const abort = new AbortController();
    let ended = 'answered';
    const given = first
      .call(
        'trigger-long-running-operation',
        { duration: seconds, steps: seconds * 4 },
        { signal: abort.signal, onprogress: () => abort.abort('no longer wanted') },
      )
      .catch(() => (ended = 'aborted'));
    const others = Promise.all(
      clients.slice(1).map(async (client) => {
        const { text } = await client.call('trigger-long-running-operation', {
          duration: seconds + 1,
          steps: 2,
        });
        return { client: client.name, text };
      }),
    );
    await given;
    const { text } = await first.call('echo', { message: 'still here' });
    return { ended, after: text, others: await others };
  },

  /** The first client subscribes to one resource, the third to another, nobody else to any. */
  async subscribe() {
    const { resources } = await first.sdk.listResources();
    const [mine, theirs] = [resources[0].uri, resources[1].uri];
    const seen = () => Object.fromEntries(clients.map(({ name, updates }) => [name, updates.splice(0)]));
    await first.sdk.subscribeResource({ uri: mine });
    await third.sdk.subscribeResource({ uri: theirs });
    await flick(second, 'toggle-subscriber-updates');
    await until(() => first.updates.length > 0 && third.updates.length > 0, 'updates');
    await all((client) => client.fence());
    const during = seen();
    await first.sdk.unsubscribeResource({ uri: mine });
    await flick(second, 'toggle-subscriber-updates');
    await until(() => third.updates.length > 0, 'the update of the one who stayed');
    await all((client) => client.fence());
    const after = seen();
    await third.sdk.unsubscribeResource({ uri: theirs });
    return { mine, theirs, during, after };
  },

  /** The first client wants every message, the second errors only, the third never said. */
  async logging() {
    await first.sdk.setLoggingLevel('debug');
    await second.sdk.setLoggingLevel('error');
    await all((client) => client.fence());
    clients.forEach((client) => client.levels.splice(0));
    const counts = (low) => first.levels.filter((level) => (severity(level) < 4) === low).length;
    for (let i = 0; i < 200 && (!first.levels.includes('debug') || counts(false) < 2); i++) {
      await flick(first, 'toggle-simulated-logging');
    }
    await all((client) => client.fence());
    return {
      sent: first.levels,
      errors: first.levels.filter((level) => severity(level) >= severity('error')),
      fromInfo: first.levels.filter((level) => severity(level) >= severity('info')),
      second: second.levels,
      third: third.levels,
    };
  },

  /** One after the other: the server does not say for whose call it wants a sample. */
  async sample() {
    const turns = [];
    for (const client of clients) {
      const prompt = `a question of ${client.name}`;
      const { text, isError } = await client.call('trigger-sampling-request', { prompt });
      turns.push({ client: client.name, text, isError });
    }
    return { turns, asked: clients.map(({ name, sampled }) => ({ client: name, prompts: sampled })) };
  },

  async elicit() {
    const turns = [];
    for (const client of clients) {
      const { text, isError } = await client.call('trigger-elicitation-request');
      turns.push({ client: client.name, text, isError });
    }
    return { turns, asked: clients.map(({ name, elicited }) => ({ client: name, times: elicited })) };
  },

  /** Two clients' calls are on the server when it asks for a sample: nobody can say for whom. */
  async ambiguous() {
    const before = clients.map(({ sampled }) => sampled.length);
    let begun = false;
    const long = first.call(
      'trigger-long-running-operation',
      { duration: 2, steps: 10 },
      { onprogress: () => (begun = true) },
    );
    await until(() => begun, 'the long call to be on the server');
    const { text, isError } = await second.call('trigger-sampling-request', { prompt: 'for whom?' });
    await long;
    const asked = clients.filter(({ sampled }, i) => sampled.length > before[i]).map(({ name }) => name);
    return { isError, text, asked };
  },

  /** More calls are given up than the window has places; the SDK's servers answer none of them. */
  async giveUp({ calls }) {
    await Promise.all(
      Array.from({ length: calls }, async () => {
        const abort = new AbortController();
        const options = { signal: abort.signal, onprogress: () => abort.abort('no longer wanted') };
        await first
          .call('trigger-long-running-operation', { duration: 0.5, steps: 5 }, options)
          .catch(() => undefined);
      }),
    );
    const { text } = await second.call('echo', { message: 'my turn' }, { timeout: 15_000 });
    return { text };
  },

  async violations() {
    await all((client) => client.fence());
    return clients.flatMap(({ name, violations }) => violations.map((v) => ({ client: name, ...v })));
  },
};

await serve(steps, () => all((client) => client.close()));
