// The chat page by itself: a person on one side, a bot that follows the script on the other.

import assert from 'node:assert/strict';
import {ANNA, Sandbox, png} from '../support/sandbox.mjs';
import {allOf, after, afterEach, before, beforeEach, test} from '../support/test.mjs';
import {NARROW, PHONE, Window, launch} from './browser.mjs';
import {ScriptedBot} from './scripted_bot.mjs';

const picture = png(320, 200, (x, y) => [40, 200 * x, 120 + 100 * y]);
const HTML = `<b>bold</b> <i>italic</i> <u>under</u> <s>gone</s> <tg-spoiler>secret</tg-spoiler> <code>x = 1</code>
<a href="https://dmarket.com/?a=1">shop</a> @durov #cs2 $USD /help me@example.com
<blockquote>quoted</blockquote><blockquote expandable>one
two
three
four
five</blockquote><pre><code class="language-cpp">int fee = 7;</code></pre>`;

let browser;
let sandbox;
let bot;
let anna;

before(async () => { browser = await launch(); });
after(() => browser?.close());

beforeEach(async () => {
  sandbox = await Sandbox.start();
  bot = await new ScriptedBot(sandbox.address, 42).start();
  anna = await Window.open(browser, sandbox.address);
});

afterEach(() => allOf(() => bot.stop(), () => anna.close(), () => sandbox.stop()));

// Anna has pressed Start and sees "Hello".
async function begin(window = anna) {
  await window.openChat('Sandbox bot');
  await window.button('Start').click();
  assert.equal((await bot.next()).text, '/start');
  await bot.say(ANNA, 'Hello');
  await window.sees('Hello');
}

test('without a bot the page says how to connect one, and the bot appears when it calls', async () => {
  const empty = await Sandbox.start();
  const window = await Window.open(browser, empty.address);
  await window.page.getByRole('heading', {name: 'No bot has connected yet'}).waitFor();
  await window.page.getByText(empty.address, {exact: true}).waitFor();
  await window.shot('no-bot');
  const late = await new ScriptedBot(empty.address, 77).start();
  await window.chat('Sandbox bot').waitFor();
  await window.page.getByRole('heading', {name: 'Choose a chat'}).waitFor();
  await late.stop();
  await window.close();
  await empty.stop();
});

test('every kind of formatting is drawn, and a spoiler opens at a click', async () => {
  await begin();
  await bot.say(ANNA, HTML, {parse_mode: 'HTML'});
  await anna.sees('int fee');
  await anna.page.locator('.head-status', {hasText: 'bot, listening'}).waitFor();
  assert.ok((await anna.input.boundingBox()).height > 30, 'the field is as high as a line of text');
  const {last} = anna;
  const texts = {strong: 'bold', em: 'italic', u: 'under', s: 'gone', '.inline-code': 'x = 1', 'pre code': 'int fee = 7;'};
  for (const [selector, text] of Object.entries(texts)) assert.equal(await last.locator(selector).first().textContent(), text, selector);
  assert.equal(await last.locator('.code-head span').textContent(), 'cpp');
  assert.equal(await last.locator('blockquote').first().textContent(), 'quoted');
  assert.equal(await last.getByRole('link', {name: 'shop'}).getAttribute('href'), 'https://dmarket.com/?a=1');
  assert.equal(await last.getByRole('link', {name: 'me@example.com'}).getAttribute('href'), 'mailto:me@example.com');
  assert.deepEqual(await last.locator('span.link').allTextContents(), ['@durov', '#cs2', '$USD']);
  const spoiler = last.locator('.spoiler');
  assert.equal(await spoiler.getAttribute('class'), 'spoiler');
  await spoiler.click();
  assert.equal(await spoiler.getAttribute('class'), 'spoiler shown');
  await last.getByRole('button', {name: 'Expand quote'}).click();
  await last.getByRole('button', {name: 'Collapse quote'}).waitFor();
  await anna.shot('formatting');
  await last.getByRole('button', {name: '/help'}).click();
  assert.equal((await bot.next()).text, '/help');
});

test('what looks like HTML stays text', async () => {
  await begin();
  const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script> & <b>no</b>';
  await bot.say(ANNA, evil);
  await anna.sees('onerror');
  assert.equal(await anna.last.locator('.text').textContent(), evil);
  assert.equal(await anna.last.locator('.text img, .text script, .text b').count(), 0);
  await anna.say(evil);
  assert.equal((await bot.next()).text, evil);
  await bot.say(ANNA, 'x', {entities: [{type: 'text_link', offset: 0, length: 1, url: 'tg://resolve?domain=a'}]});
  await anna.sees('x');
  assert.equal(await anna.last.locator('a').count(), 0);
});

test('a pressed button waits, and its answer is a toast, a dialog, or an edited message', async () => {
  await begin();
  const sent = await bot.say(ANNA, 'Choose', {reply_markup: {inline_keyboard: [
    [{text: 'Toast', callback_data: 't'}, {text: 'Alert', callback_data: 'a'}], [{text: 'Site', url: 'https://dmarket.com/'}]]}});
  const toast = anna.button('Toast');
  await toast.click();
  const first = await bot.next('callback_query');
  assert.equal(first.data, 't');
  await anna.page.locator('.inline-button.waiting', {hasText: 'Toast'}).waitFor();
  await anna.shot('button-waiting');
  await bot.call('answerCallbackQuery', {callback_query_id: first.id, text: 'Noted & done'});
  await anna.page.locator('.toast', {hasText: 'Noted & done'}).waitFor();
  await anna.becomes(() => document.querySelectorAll('.inline-button.waiting').length, 0);

  await anna.button('Alert').click();
  await bot.call('answerCallbackQuery', {callback_query_id: (await bot.next('callback_query')).id, text: 'Stop and read', show_alert: true});
  const dialog = anna.page.getByRole('alertdialog');
  await dialog.getByText('Stop and read').waitFor();
  await anna.shot('alert');
  await anna.page.keyboard.press('Enter');
  await dialog.waitFor({state: 'detached'});

  assert.equal(await anna.page.getByRole('link', {name: 'Site'}).getAttribute('href'), 'https://dmarket.com/');
  await bot.call('editMessageText', {chat_id: ANNA, message_id: sent.message_id, text: 'Chosen'});
  await anna.sees('Chosen');
  await anna.last.locator('.edited').waitFor();
  assert.equal(await anna.last.locator('.inline-button').count(), 0);
});

test('the bot keyboard is shown, hidden, used once and removed; a forced reply begins by itself', async () => {
  await begin();
  await bot.say(ANNA, 'Keys', {reply_markup: {keyboard: [[{text: 'Balance'}, {text: 'Prices'}]], resize_keyboard: true, input_field_placeholder: 'Pick one'}});
  await anna.button('Balance').waitFor();
  assert.equal(await anna.input.getAttribute('placeholder'), 'Pick one');
  await anna.button('Hide the bot keyboard').click();
  await anna.button('Balance').waitFor({state: 'hidden'});
  await anna.button('Show the bot keyboard').click();
  await anna.button('Prices').click();
  assert.equal((await bot.next()).text, 'Prices');

  await bot.say(ANNA, 'Once', {reply_markup: {keyboard: [[{text: 'Only'}]], one_time_keyboard: true}});
  await anna.button('Only').click();
  assert.equal((await bot.next()).text, 'Only');
  await anna.button('Only').waitFor({state: 'hidden'});

  await bot.say(ANNA, 'Keys again', {reply_markup: {keyboard: [[{text: 'Again'}]]}});
  await anna.button('Again').waitFor();
  await bot.say(ANNA, 'Away', {reply_markup: {remove_keyboard: true}});
  await anna.button('Again').waitFor({state: 'hidden'});

  const question = await bot.say(ANNA, 'Your price?', {reply_markup: {force_reply: true, input_field_placeholder: 'in dollars'}});
  await anna.page.locator('.mode-bar', {hasText: 'Your price?'}).waitFor();
  assert.equal(await anna.input.getAttribute('placeholder'), 'in dollars');
  await anna.say('12.50');
  assert.equal((await bot.next()).reply_to_message.message_id, question.message_id);
});

test('commands are offered by the menu button and while typing, chosen with the arrows', async () => {
  await begin();
  await bot.call('setMyCommands', {commands: [{command: 'balance', description: 'Money'}, {command: 'buy', description: 'An item'},
                                              {command: 'help', description: 'Everything'}]});
  await anna.button('Menu').waitFor();
  await anna.button('Menu').click();
  const options = anna.page.getByRole('option');
  await options.first().waitFor();
  assert.equal(await options.count(), 3);
  await anna.page.keyboard.press('Escape');
  await anna.input.pressSequentially('/b');
  await anna.becomes(() => document.querySelectorAll('.completions [role=option]').length, 2);
  await anna.shot('commands');
  await anna.input.press('ArrowDown');
  await anna.input.press('Enter');
  assert.equal((await bot.next()).text, '/buy');
  assert.equal(await anna.input.inputValue(), '');
});

test('pictures, files and albums go both ways', async () => {
  await begin();
  await bot.call('sendPhoto', {chat_id: ANNA, caption: 'A chart'}, {photo: picture});
  await anna.sees('A chart');
  await anna.becomes(() => document.querySelector('.picture img')?.naturalWidth, 320);
  await anna.button('Open photo.jpg').click();
  await anna.page.locator('.lightbox img').waitFor();
  await anna.page.keyboard.press('Escape');

  const chooser = anna.page.waitForEvent('filechooser');
  await anna.button('Attach a file').click();
  await (await chooser).setFiles([{name: 'a.png', mimeType: 'image/png', buffer: picture}, {name: 'b.png', mimeType: 'image/png', buffer: picture}]);
  await anna.page.locator('.attachment').nth(1).waitFor();
  await anna.say('Two of them');
  const [one, two] = [await bot.next(), await bot.next()];
  assert.equal(one.caption, 'Two of them');
  assert.equal(one.media_group_id, two.media_group_id);
  assert.deepEqual(await sandbox.file(two.photo.at(-1).file_id), picture);
  await anna.page.locator('.album img').nth(1).waitFor();

  const again = anna.page.waitForEvent('filechooser');
  await anna.button('Attach a file').click();
  await (await again).setFiles([{name: 'trades.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n')}]);
  await anna.button('Send').click();
  const {document: file} = await bot.next();
  assert.equal(file.file_name, 'trades.csv');
  await anna.page.locator('.file', {hasText: 'trades.csv'}).waitFor();
  const download = anna.page.waitForEvent('download');
  await anna.page.locator('.file').click();
  assert.equal((await download).suggestedFilename(), 'trades.csv');
  await anna.shot('files');
});

test('a pasted picture is sent as a photo', async () => {
  await begin();
  await anna.input.focus();
  await anna.page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const clipboard = new DataTransfer();
    clipboard.items.add(new File([bytes], 'pasted.png', {type: 'image/png'}));
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: clipboard, bubbles: true, cancelable: true}));
  }, picture.toString('base64'));
  await anna.page.locator('.attachment').waitFor();
  await anna.input.press('Enter');
  assert.deepEqual(await sandbox.file((await bot.next()).photo.at(-1).file_id), picture);
});

test('typing is shown until the message comes; a deleted message vanishes; replies are quoted', async () => {
  await begin();
  await bot.call('sendChatAction', {chat_id: ANNA, action: 'typing'});
  await anna.page.locator('.head-status', {hasText: 'typing'}).waitFor();
  const sent = await bot.say(ANNA, 'Here it is');
  await anna.sees('Here it is');
  await anna.becomes(() => document.querySelector('.head-status').textContent.includes('typing'), false);
  await bot.say(ANNA, 'About that', {reply_parameters: {message_id: sent.message_id}});
  await anna.page.locator('.reply-quote', {hasText: 'Here it is'}).waitFor();
  await bot.call('deleteMessage', {chat_id: ANNA, message_id: sent.message_id});
  await anna.page.locator('.message .text', {hasText: /^Here it is$/}).waitFor({state: 'detached'});
});

test('the arrow up edits the last own message, escape gives up, shift and enter break the line', async () => {
  await begin();
  await anna.say('first');
  await bot.next();
  await anna.sees('first');
  await anna.input.press('ArrowUp');
  await anna.page.locator('.mode-bar', {hasText: 'Edit message'}).waitFor();
  assert.equal(await anna.input.inputValue(), 'first');
  await anna.input.press('Escape');
  assert.equal(await anna.input.inputValue(), '');
  await anna.input.press('ArrowUp');
  await anna.say('second');
  assert.equal((await bot.next('edited_message')).text, 'second');
  await anna.sees('second');
  await anna.input.pressSequentially('one');
  await anna.input.press('Shift+Enter');
  await anna.input.pressSequentially('two');
  await anna.input.press('Enter');
  assert.equal((await bot.next()).text, 'one\ntwo');
});

test('a message can be answered, copied and deleted from its menu', async () => {
  await begin();
  await anna.last.click({button: 'right'});
  await anna.page.getByRole('menuitem', {name: 'Copy text'}).click();
  await anna.page.locator('.toast', {hasText: 'Copied'}).waitFor();
  assert.equal(await anna.page.evaluate(() => navigator.clipboard.readText()), 'Hello');
  await anna.last.click({button: 'right'});
  await anna.page.getByRole('menuitem', {name: 'Reply'}).click();
  await anna.say('An answer');
  assert.equal((await bot.next()).reply_to_message.text, 'Hello');
  await anna.sees('An answer');
  await anna.last.click({button: 'right'});
  await anna.page.getByRole('menuitem', {name: 'Delete'}).click();
  await anna.page.getByRole('dialog').getByRole('button', {name: 'Delete'}).click();
  await anna.page.locator('.message', {hasText: 'An answer'}).waitFor({state: 'detached'});
});

test('a blocked bot gets nothing and learns it; unblocking goes on', async () => {
  await begin();
  await anna.button('Chat menu').click();
  await anna.page.getByRole('menuitem', {name: 'Block the bot'}).click();
  assert.equal((await bot.next('my_chat_member')).new_chat_member.status, 'kicked');
  await assert.rejects(bot.say(ANNA, 'Hm?'), /bot was blocked by the user/);
  await anna.button('Unblock and continue').click();
  assert.equal((await bot.next('my_chat_member')).new_chat_member.status, 'member');
  await bot.say(ANNA, 'Welcome back');
  await anna.sees('Welcome back');
});

test('several people share a group, each with an own view and unread count', async () => {
  await begin();
  await anna.button('New group').click();
  await anna.page.getByLabel('Title').fill('Traders');
  await anna.page.getByRole('dialog').getByText('Boris').click();
  await anna.button('Create').click();
  await anna.page.getByRole('button', {name: 'Traders, details'}).waitFor();
  await anna.say('/hello@sandbox_bot');
  const heard = await bot.hears('/hello@sandbox_bot');

  const boris = await Window.open(browser, sandbox.address);
  await boris.page.getByRole('button', {name: /^You are Anna/}).click();
  await boris.page.getByRole('menuitemradio', {name: 'Boris'}).click();
  await boris.chat('Traders').waitFor();
  await bot.say(heard.chat.id, 'Hello, both');
  await boris.chat('Traders').locator('.unread').waitFor();
  await boris.openChat('Traders');
  await boris.sees('Hello, both');
  await boris.chat('Traders').locator('.unread').waitFor({state: 'detached'});
  assert.equal(await boris.page.locator('.message', {hasText: '/hello@sandbox_bot'}).locator('.sender').textContent(), 'Anna');
  await boris.say('From Boris');
  await anna.sees('From Boris');
  await anna.shot('group');
  await boris.close();
});

test('while another person\'s chats are being read, nobody opens a chat of the one before', async () => {
  await begin();
  const {page} = anna;
  let go;
  const held = new Promise((resolve) => { go = resolve; });
  await page.route('**/control/state', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', {name: /^You are/}).click();
  await page.getByRole('menuitemradio', {name: 'Boris'}).click();
  await page.getByRole('button', {name: 'You are Boris'}).waitFor();
  assert.equal(await anna.chat('Sandbox bot').count(), 0);
  go();
  await anna.openChat('Sandbox bot');
  await anna.button('Start').click();
  assert.equal((await bot.next()).from.first_name, 'Boris');
});

test('a new person can be added and begins with an empty list of talks', async () => {
  await begin();
  await anna.page.getByRole('button', {name: /^You are Anna/}).click();
  await anna.page.getByRole('menuitem', {name: 'Add person…'}).click();
  await anna.page.getByLabel('First name').fill('Olga');
  await anna.button('Add').click();
  await anna.page.getByRole('button', {name: /^You are Olga/}).waitFor();
  await anna.openChat('Sandbox bot');
  await anna.button('Start').click();
  assert.equal((await bot.next()).from.first_name, 'Olga');
  await anna.page.reload();
  await anna.page.getByRole('button', {name: /^You are Olga/}).waitFor();
});

test('the keyboard alone is enough', async () => {
  const {page} = anna;
  await anna.chat('Sandbox bot').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sand');
  await page.keyboard.press('Enter');
  await anna.button('Start').waitFor();
  await anna.becomes(() => document.activeElement.textContent, 'Start');
  await page.keyboard.press('Enter');
  assert.equal((await bot.next()).text, '/start');
  await anna.becomes(() => document.activeElement.id, 'composer');
  await bot.say(ANNA, 'Pick', {reply_markup: {inline_keyboard: [[{text: 'Go', callback_data: 'go'}]]}});
  await anna.sees('Pick');
  for (let i = 0; i < 8 && (await anna.focused.textContent()) !== 'Go'; ++i) await page.keyboard.press('Shift+Tab');
  assert.equal(await anna.focused.textContent(), 'Go');
  assert.equal(await anna.focused.evaluate((node) => getComputedStyle(node).outlineStyle), 'solid');
  await page.keyboard.press('Enter');
  const press = await bot.next('callback_query');
  assert.equal(press.data, 'go');
  await anna.becomes(() => document.activeElement.textContent, 'Go');
  await bot.call('answerCallbackQuery', {callback_query_id: press.id});
});

test('on a phone the list and the chat take turns and nothing is wider than the screen', async () => {
  await begin();
  await bot.say(ANNA, `${'long'.repeat(60)}\n<pre>${'wide '.repeat(40)}</pre>`, {parse_mode: 'HTML', reply_markup: {inline_keyboard: [
    [{text: 'A rather long label', callback_data: '1'}, {text: 'Another long label', callback_data: '2'}]]}});
  await bot.say(ANNA, 'Keys', {reply_markup: {keyboard: [[{text: 'Balance'}, {text: 'Prices'}, {text: 'Settings'}]], resize_keyboard: true}});
  for (const [viewport, dark] of [[PHONE, false], [NARROW, true]]) {
    const phone = await Window.open(browser, sandbox.address, {viewport, dark, touch: true});
    await phone.chat('Sandbox bot').waitFor();
    await phone.fitsItsWidth();
    await phone.shot(`phone-list-${viewport.width}`);
    await phone.chat('Sandbox bot').tap();
    await phone.sees('Keys');
    await phone.fitsItsWidth();
    await phone.shot(`phone-chat-${viewport.width}`);
    await phone.button('Back to the chats').tap();
    await phone.chat('Sandbox bot').waitFor();
    await phone.close();
  }
});

test('an answer that breaks off is asked for again', async () => {
  await anna.page.route('**/control/state', (route) => route.fulfill({contentType: 'application/json', body: '{"seq":'}), {times: 1});
  await anna.page.reload();
  await anna.openChat('Sandbox bot');
});

test('after a restart of the sandbox the page finds it again by itself', async () => {
  await begin();
  const {port} = sandbox;
  await bot.stop();
  await sandbox.stop();
  await anna.page.getByText('No connection to the sandbox').waitFor();
  await anna.shot('disconnected');
  sandbox = await Sandbox.start({port});
  bot = await new ScriptedBot(sandbox.address, 42).start();
  await anna.page.getByText('No connection to the sandbox').waitFor({state: 'hidden'});
  await anna.button('Start').click();
  assert.equal((await bot.next()).text, '/start');
});
