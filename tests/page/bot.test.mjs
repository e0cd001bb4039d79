// A person at the chat page and the shipped bot: greeting, menu, language, balance, a command that does not exist.

import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ANNA, BORIS, BOT, Program, Sandbox} from '../support/sandbox.mjs';
import {allOf, after, before, test} from '../support/test.mjs';
import {NARROW, PHONE, Window, launch} from './browser.mjs';

// A key pair made from the bytes 0 to 31, in the 64-byte form that DMarket hands out.
const PUBLIC = '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8';
const SEED = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const TITLE = 'Sandbox bot';

let browser;
let sandbox;
let folder;
let bot;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  sandbox = await Sandbox.start({args: ['--usd', '123456', '--dmarket-key', PUBLIC]});
  bot = new Program(BOT, [], {
    TELEGRAM_BOT_TOKEN: '4242:page-test-token-0123456789abcdefgh', TELEGRAM_API_URL: sandbox.address, DMARKET_API_URL: sandbox.address,
    DMARKET_PUBLIC_KEY: PUBLIC, DMARKET_SECRET_KEY: SEED + PUBLIC, ALLOWED_USERS: `${ANNA},${BORIS}`, ADMIN_USERS: String(ANNA),
    DATA_DIR: folder, HEALTH_PORT: '0',
  });
  await Promise.race([sandbox.wait({polling: true, timeout: 30}),
                      bot.exited.then((code) => assert.fail(`the bot ended with ${code}:\n${bot.output}`))]);
  browser = await launch();
});

after(() => allOf(() => browser?.close(), async () => { if (bot) assert.equal(await bot.stop(), 0, bot.output); }, () => sandbox?.stop(),
                  () => rm(folder, {recursive: true, force: true})));

test('a person greets the bot, looks around, asks for the balance and changes the language', async () => {
  const anna = await Window.open(browser, sandbox.address);
  await anna.openChat(TITLE);
  await anna.button('Start').click();
  await anna.sees('Hello, Anna!');
  await anna.shot('bot-greeting');

  await anna.last.getByRole('button', {name: 'Status', exact: true}).click();
  await anna.last.getByRole('button', {name: 'Menu', exact: true}).click();
  await anna.last.getByRole('button', {name: 'Balance', exact: true}).waitFor();

  await anna.say('/balance');
  await anna.sees('Usable: $1234.56');
  await anna.shot('bot-balance');

  await anna.say('/orders');
  await anna.sees('Nothing of yours stands on DMarket.');
  await anna.shot('bot-orders');

  await anna.say('/balanse');
  await anna.sees('Did you mean /balance?');

  await anna.say('/settings');
  await anna.sees('Language: English');
  await anna.last.getByRole('button', {name: 'Русский', exact: true}).click();
  await anna.page.locator('.toast', {hasText: 'Сохранено'}).waitFor();
  await anna.sees('Язык: Русский');
  await anna.say('/balance');
  await anna.sees('Баланс');
  await anna.shot('bot-russian');
  await anna.close();
});

test('the menu of commands comes from the bot', async () => {
  const boris = await Window.open(browser, sandbox.address);
  await boris.page.getByRole('button', {name: /^You are/}).click();
  await boris.page.getByRole('menuitemradio', {name: 'Boris'}).click();
  await boris.openChat(TITLE);
  await boris.button('Start').click();
  await boris.sees('Здравствуйте, Boris!');
  await boris.button('Menu').click();
  const offered = await boris.page.getByRole('option').locator('b').allTextContents();
  for (const command of ['/start', '/balance', '/settings', '/help']) assert.ok(offered.includes(command), `${command} in ${offered}`);
  await boris.close();
});

test('the same by keyboard alone', async () => {
  const anna = await Window.open(browser, sandbox.address, {dark: true});
  const {page} = anna;
  await anna.chat(TITLE).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sand');
  await page.keyboard.press('Enter');
  await anna.becomes(() => document.activeElement.id, 'composer');
  await page.keyboard.type('/sett');
  await page.getByRole('option', {name: /settings/}).waitFor();
  await page.keyboard.press('Enter');
  await anna.sees('Часовой пояс');
  for (let i = 0; i < 12 && (await anna.focused.textContent()) !== 'English'; ++i) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await anna.sees('Language: English');
  await anna.shot('bot-keyboard-dark');
  await anna.close();
});

test('the same on a phone', async () => {
  for (const viewport of [PHONE, NARROW]) {
    const phone = await Window.open(browser, sandbox.address, {viewport, touch: true, dark: viewport === NARROW});
    await phone.chat(TITLE).tap();
    await phone.say('/start');
    await phone.sees('Hello, Anna!');
    await phone.last.getByRole('button', {name: 'Balance', exact: true}).tap();
    await phone.sees('$1234.56');
    await phone.fitsItsWidth();
    await phone.shot(`bot-phone-${viewport.width}`);
    await phone.close();
  }
});
