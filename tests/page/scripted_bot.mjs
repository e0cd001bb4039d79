// A bot that does what the test says, call by call, and hands over the updates it gets.

import assert from 'node:assert/strict';

export class ScriptedBot {
  constructor(address, id, name) {
    this.id = id;
    this.base = `${address}/bot${id}:page-test`;
    this.offset = 0;
    this.waiting = [];
    this.stopped = new AbortController();
    this.name = name;
  }

  async start() {
    await this.call('getMe');
    this.loop = this.#poll();
    return this;
  }

  async call(method, parameters = {}, files = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(parameters)) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    for (const [name, bytes] of Object.entries(files)) form.append(name, new Blob([bytes]), `${name}.png`);
    const response = await fetch(`${this.base}/${method}`, {method: 'POST', body: form, signal: this.stopped.signal});
    const answer = await response.json();
    assert.ok(answer.ok, `${method}: ${answer.description}`);
    return answer.result;
  }

  say(chat, text, more = {}) { return this.call('sendMessage', {chat_id: chat, text, ...more}); }

  async #poll() {
    this.updates = [];
    while (!this.stopped.signal.aborted) {
      const batch = await this.call('getUpdates', {offset: this.offset, timeout: 20}).catch(() => null);
      if (!batch) return;
      for (const update of batch) {
        this.offset = update.update_id + 1;
        const index = this.waiting.findIndex((one) => update[one.kind]);
        if (index < 0) this.updates.push(update);
        else this.waiting.splice(index, 1)[0].resolve(update[this.#kindOf(update)]);
      }
    }
  }

  #kindOf(update) { return Object.keys(update).find((key) => key !== 'update_id'); }

  // The next update of a kind, in the order they came.
  next(kind = 'message') {
    const index = this.updates.findIndex((update) => update[kind]);
    if (index >= 0) return Promise.resolve(this.updates.splice(index, 1)[0][kind]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${kind} came`)), 15000);
      this.waiting.push({kind, resolve: (value) => {
        clearTimeout(timer);
        resolve(value);
      }});
    });
  }

  // The next message with this text; what comes before it is skipped.
  async hears(text) {
    for (;;) {
      const message = await this.next();
      if (message.text === text) return message;
    }
  }

  async stop() {
    this.stopped.abort();
    await this.loop;
  }
}
