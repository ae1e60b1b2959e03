// One client of the TypeScript SDK on a server command of its own, which remembers everything
// that reached it, and holds every inbound message against what it asked for.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** Progress that was on its way when the cancel was sent is no fault; past this it is. Milliseconds. */
const CANCEL_GRACE = 500;

export class PeerClient {
  /** Texts of the prompts that this client was asked to sample. */
  sampled = [];
  /** How often this client was asked for the user's input. */
  elicited = 0;
  /** URIs of the resource updates that reached this client, in order. */
  updates = [];
  /** Levels of the log messages that reached this client, in order. */
  levels = [];
  /** Each step of progress that reached this client, in order. The SDK itself drops the last ones. */
  progress = [];
  /** What no client may ever see: each with a word and the message itself. */
  violations = [];

  #waiting = new Map();
  #cancelled = new Map();

  constructor(name) {
    this.name = name;
    this.sdk = new Client(
      { name, version: '1' },
      { capabilities: { sampling: {}, elicitation: {} } },
    );
    this.sdk.setRequestHandler(CreateMessageRequestSchema, (request) => {
      const prompt = request.params.messages.map((message) => message.content.text).join(' ');
      this.sampled.push(prompt);
      return {
        role: 'assistant',
        model: `model of ${name}`,
        content: { type: 'text', text: `sampled by ${name}` },
      };
    });
    this.sdk.setRequestHandler(ElicitRequestSchema, () => {
      this.elicited += 1;
      return { action: 'accept', content: { name: `user of ${name}` } };
    });
    this.sdk.setNotificationHandler(ResourceUpdatedNotificationSchema, (notification) => {
      this.updates.push(notification.params.uri);
    });
    this.sdk.setNotificationHandler(LoggingMessageNotificationSchema, (notification) => {
      this.levels.push(notification.params.level);
    });
  }

  /** Starts the server command and shakes hands with it; gives what the server said of itself. */
  async connect([command, ...args]) {
    const transport = new StdioClientTransport({
      command,
      args,
      env: { ...process.env },
      stderr: 'inherit',
    });
    this.#watch(transport);
    await this.sdk.connect(transport);
    return {
      client: this.name,
      server: this.sdk.getServerVersion().name,
      capabilities: Object.keys(this.sdk.getServerCapabilities()).sort(),
    };
  }

  async call(name, args = {}, options = {}) {
    const result = await this.sdk.callTool({ name, arguments: args }, undefined, options);
    return {
      isError: result.isError === true,
      text: result.content.map((block) => block.text ?? '').join('\n'),
    };
  }

  /** A round trip: whatever the server sent this client before it has arrived when it returns. */
  async fence() {
    await this.call('echo', { message: `fence of ${this.name}` });
  }

  async close() {
    await this.sdk.close();
  }

  /** Sees each message on its way, before the SDK, which hides strays, does. */
  #watch(transport) {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      if (message.method !== undefined && message.id !== undefined) {
        this.#waiting.set(message.id, message.method);
      }
      if (message.method === 'notifications/cancelled') {
        this.#waiting.delete(message.params.requestId);
        this.#cancelled.set(message.params.requestId, Date.now());
      }
      return send(message, options);
    };
    let deliver;
    Object.defineProperty(transport, 'onmessage', {
      get: () => deliver,
      set: (handler) => {
        deliver = (message, extra) => {
          this.#check(message);
          handler(message, extra);
        };
      },
    });
  }

  #check(message) {
    if (message.method === undefined) {
      if (!this.#waiting.delete(message.id) && !this.#justCancelled(message.id)) {
        this.violations.push({ what: 'a response to nothing', message });
      }
    } else if (message.method === 'notifications/progress') {
      const token = message.params.progressToken;
      if (!this.#waiting.has(token) && !this.#justCancelled(token)) {
        this.violations.push({ what: 'progress of nothing', message });
      }
      this.progress.push({ progress: message.params.progress, total: message.params.total });
    }
  }

  #justCancelled(id) {
    return Date.now() - (this.#cancelled.get(id) ?? 0) < CANCEL_GRACE;
  }
}
