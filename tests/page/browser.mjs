// A headless Chromium and the people who sit before it.

import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const OUTPUT = fileURLToPath(new URL('../output/page/', import.meta.url));
export const DESKTOP = {width: 1280, height: 800};
export const PHONE = {width: 390, height: 844};
export const NARROW = {width: 360, height: 740};

export async function launch() {
  await mkdir(OUTPUT, {recursive: true});
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
}

// One person's window. Whatever the page complains about ends up in `complaints`.
export class Window {
  static async open(browser, address, {viewport = DESKTOP, dark = false, touch = false} = {}) {
    const context = await browser.newContext({viewport, colorScheme: dark ? 'dark' : 'light', hasTouch: touch, isMobile: touch,
                                              permissions: ['clipboard-read', 'clipboard-write']});
    const page = await context.newPage();
    page.setDefaultTimeout(10000);
    const self = new Window(context, page);
    page.on('pageerror', (error) => self.complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_CONNECTION|ERR_EMPTY_RESPONSE/.test(message.text())) self.complaints.push(message.text());
    });
    await page.goto(address);
    return self;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
    this.complaints = [];
  }

  chat(title) { return this.page.locator('.chat-item', {has: this.page.locator('.chat-item-title', {hasText: title})}); }
  get input() { return this.page.getByRole('textbox', {name: 'Message', exact: true}); }
  get messages() { return this.page.locator('.message'); }
  get last() { return this.messages.last(); }
  get focused() { return this.page.locator(':focus'); }
  button(name) { return this.page.getByRole('button', {name, exact: true}); }

  async openChat(title) {
    await this.chat(title).click();
    await this.page.getByRole('button', {name: `${title}, details`}).waitFor();
  }

  async say(text) {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  async sees(text) { await this.page.locator('.message', {hasText: text}).last().waitFor(); }

  // Waits until `read()` in the page gives `value`. (The source is joined here: the page itself forbids eval.)
  async becomes(read, value) {
    const compare = new Function(`return (wanted) => JSON.stringify((${read})()) === wanted`)();
    await this.page.waitForFunction(compare, JSON.stringify(value));
  }

  async shot(name) { await this.page.screenshot({path: `${OUTPUT}${name}.png`, animations: 'disabled'}); }

  async fitsItsWidth() {
    const [content, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= window, `the page is ${content} px wide in a window of ${window}`);
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.complaints, []);
  }
}
