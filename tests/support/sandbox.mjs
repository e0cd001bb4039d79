// Starts the sandbox for a test, speaks its control API, and sees that it stops cleanly.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import zlib from 'node:zlib';

const built = (name) => fileURLToPath(new URL(`../../build/release/bin/${name}`, import.meta.url));
export const SANDBOX = process.env.SANDBOX_BIN || built('sandbox');
export const BOT = process.env.BOT_BIN || built('dmarket-bot');
export const ANNA = 100000001;
export const BORIS = 100000002;

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

// A program under test: its output is collected, its exit awaited with a limit. It ends with the tests at the latest.
export class Program {
  constructor(command, args, env = {}) {
    this.output = '';
    this.name = command.split('/').at(-1);
    this.child = spawn(command, args, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      running.delete(this.child);
      return code ?? signal;
    });
    running.add(this.child);
    this.child.unref();  // what a failed test leaves behind keeps nobody waiting
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.unref();
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
        this.onOutput?.();
      });
    }
  }

  // Waits until the output matches; fails when the program ends first.
  async says(pattern, seconds = 20) {
    const found = new Promise((resolve) => {
      this.onOutput = () => {
        const match = pattern.exec(this.output);
        if (match) resolve(match);
      };
      this.onOutput();
    });
    const ended = this.exited.then((code) => assert.fail(`${this.name} ended with ${code}:\n${this.output}`));
    return limit(Promise.race([found, ended]), seconds, () => `${this.name} never said ${pattern}:\n${this.output}`);
  }

  async stop(signal = 'SIGTERM', seconds = 20) {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return limit(this.exited, seconds, () => {
      this.child.kill('SIGKILL');
      return `${this.name} did not stop:\n${this.output}`;
    });
  }
}

function limit(promise, seconds, text) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(text())), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Sandbox {
  // `port` 0: any free one.
  static async start({port = 0, args = []} = {}) {
    const program = new Program(SANDBOX, ['--port', String(port), ...args]);
    const [, address] = await program.says(/sandbox ready: (http:\S+?)\/\s/);
    return new Sandbox(program, address);
  }

  constructor(program, address) {
    this.program = program;
    this.address = address;
    this.port = new URL(address).port;
  }

  async #call(path, options) {
    const response = await fetch(this.address + path, options);
    const answer = await response.json();
    assert.ok(response.ok, `${path} answered ${response.status}: ${answer.error}`);
    return answer;
  }

  get(path) { return this.#call(`/control/${path}`); }
  post(path, body) {
    return this.#call(`/control/${path}`, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  }

  wait(condition) { return this.post('wait', condition); }
  send(body) { return this.post('send', {user: ANNA, ...body}); }
  press(body) { return this.post('press', {user: ANNA, ...body}); }

  // Sends a text and gives the bot's next message or edit that fits.
  async ask(bot, text, condition = {}) {
    const {seq} = await this.send({bot, text});
    const {event} = await this.wait({after: seq, kind: 'message', bot, chat: ANNA, ...condition});
    return event.message;
  }

  async file(id) {
    const response = await fetch(`${this.address}/control/file?file_id=${encodeURIComponent(id)}`);
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
  }

  async transcript(bot, chat = ANNA) {
    const response = await fetch(`${this.address}/control/transcript?chat=${chat}&bot=${bot}&format=text`);
    return response.text();
  }

  async stop() { assert.equal(await this.program.stop(), 0, this.program.output); }
}

// A small valid PNG, filled by `colour(x, y)` with x and y from 0 to 1.
export function png(width, height, colour) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) rows.set(colour(x / width, y / height), y * (width * 3 + 1) + 1 + x * 3);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows)),
                        chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
