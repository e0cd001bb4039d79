// The market page: a person plays everybody but the bot.

import assert from 'node:assert/strict';
import {call, offerItem, placeTarget} from '../support/exchange.mjs';
import {Sandbox} from '../support/sandbox.mjs';
import {allOf, after, afterEach, before, beforeEach, test} from '../support/test.mjs';
import {NARROW, PHONE, Window, launch} from './browser.mjs';

const MARKET = ['--market-titles', '80', '--market-offers', '1600', '--market-items', '30', '--usd', '1000000', '--no-rate-limits'];

let browser;
let sandbox;
let window;

before(async () => { browser = await launch(); });
after(() => browser?.close());

beforeEach(async () => {
  sandbox = await Sandbox.start({args: MARKET});
  window = await Window.open(browser, `${sandbox.address}/page/market.html`);
});

afterEach(() => allOf(() => window.close(), () => sandbox.stop()));

const rows = (list) => window.page.getByRole('list', {name: list, exact: true}).getByRole('listitem');
const titles = () => window.page.locator('.title-item');
const toast = (text) => window.page.locator('.toast', {hasText: text}).waitFor();

async function openAccount(tab) {
  await window.page.locator('#account-item button').click();
  await window.page.getByRole('tab', {name: new RegExp(`^${tab}`)}).click();
}

test('titles are listed by game, searched, and walked with the keys', async () => {
  await titles().first().waitFor();
  const first = await titles().nth(2).locator('.chat-item-title').textContent();
  await window.button('Rust').click();
  await window.becomes(() => document.querySelector('.game[aria-pressed="true"]').textContent, 'Rust');
  await window.button('CS2').click();
  await window.page.getByText(first, {exact: true}).first().waitFor();
  await window.page.getByRole('searchbox', {name: 'Search titles'}).fill(first.toUpperCase());
  await window.page.waitForFunction((name) => {
    const shown = [...document.querySelectorAll('.title-item .chat-item-title')].map((title) => title.textContent);
    return shown.length > 0 && shown.every((title) => title.includes(name));
  }, first);
  await window.page.getByRole('searchbox', {name: 'Search titles'}).focus();
  await window.page.keyboard.press('ArrowDown');
  await window.page.keyboard.press('Enter');
  await window.page.getByRole('list', {name: 'Sales', exact: true}).waitFor();
  assert.ok(await rows('Sales').count() > 0);
  await window.shot('market-title');
});

test('a search without a hit says so', async () => {
  await titles().first().waitFor();
  await window.page.getByRole('searchbox', {name: 'Search titles'}).fill('no such thing');
  await window.page.getByText('No title of that name.').waitFor();
});

test('a price moves by so many percent, and a wrong number is explained', async () => {
  await titles().first().click();
  const status = window.page.locator('.market-bar .head-status');
  await status.waitFor();
  const before = await status.textContent();
  await window.button('Move the price').click();
  await window.page.getByLabel('By percent').fill('many');
  await window.button('Move').click();
  await window.page.getByText('Write a number such as -5 or 10.').waitFor();
  await window.page.getByLabel('By percent').fill('50');
  await window.page.keyboard.press('Enter');
  await toast('The price has moved');
  await status.filter({hasNotText: before}).waitFor();
});

test('other traders offer and want things, at prices that a person types', async () => {
  await titles().first().click();
  await window.button('New offer of a trader').click();
  await window.page.getByLabel('Price in dollars').fill('0.02');
  await window.page.keyboard.press('Enter');
  await toast('The offer stands');
  await rows('Offers').filter({hasText: '$0.02'}).first().waitFor();
  await window.button('New target of a trader').click();
  await window.page.getByLabel('Price in dollars').fill('12.345');
  await window.button('Place').click();
  await window.page.getByText('Write an amount such as 12.50.').waitFor();
  await window.page.keyboard.press('Escape');
});

test('an offer of the account is bought by a trader, and the trade is reverted', async () => {
  const {title} = await offerItem(sandbox.address, 1234);
  await openAccount('Offers');
  await rows('Own offers').filter({hasText: title}).waitFor();
  await window.shot('market-account');
  await window.button(`Buy ${title} at $12.34`).click();
  await toast('A trader bought it');
  await window.page.getByText('The account offers nothing.').waitFor();
  await window.page.getByRole('tab', {name: /^History/}).click();
  const trade = rows('History').filter({hasText: title});
  await trade.getByText('protected', {exact: true}).waitFor();
  await window.shot('market-history');
  await window.button(`Revert ${title}`).click();
  await window.button('Revert').click();
  await trade.getByText('reverted', {exact: true}).waitFor();
  const {Trades} = await call(sandbox.address, 'GET', '/marketplace-api/v1/user-offers/closed');
  assert.equal(Trades[0].Status, 'reverted');
});

test('a trader sells to a target of the account', async () => {
  const title = await titles().first().locator('.chat-item-title').textContent();
  const id = await placeTarget(sandbox.address, title, 0.05);
  await openAccount('Targets');
  await window.button(`Sell ${title} at $0.05`).click();
  await toast('A trader sold to it');
  await window.page.getByText('The account has no targets.').waitFor();
  const {Trades} = await call(sandbox.address, 'GET', '/marketplace-api/v1/user-targets/closed');
  assert.equal(Trades[0].TargetID, id);
  await window.page.getByRole('tab', {name: /^Inventory/}).click();
  await rows('Inventory').filter({hasText: title}).first().waitFor();
});

test('what the bot does is seen without a click', async () => {
  await openAccount('Events');
  const {id} = await offerItem(sandbox.address, 777);
  await sandbox.post('market', {act: 'buy', offer: id});
  await rows('Events').filter({hasText: 'sold'}).first().waitFor();
});

test('tabs go with the arrows, and Escape leads back to the list', async () => {
  await openAccount('Offers');
  await window.page.keyboard.press('ArrowRight');
  await window.becomes(() => document.activeElement.id, 'tab-targets');
  await window.page.keyboard.press('Escape');
  await window.page.getByRole('heading', {name: 'Choose a title'}).waitFor();
});

test('money is added, and the address brings back the same view', async () => {
  await openAccount('Offers');
  await window.button('Add money').click();
  await window.page.getByLabel('Dollars').fill('$1,50');
  await window.page.keyboard.press('Enter');
  await window.page.getByText('$10,001.50', {exact: true}).first().waitFor();
  await window.page.reload();
  await window.page.getByRole('heading', {name: 'Account', exact: true}).waitFor();
});

test('the chat page and the market lead to each other', async () => {
  await window.page.getByRole('link', {name: 'Chat'}).click();
  await window.page.getByRole('link', {name: 'Market'}).click();
  await window.page.getByRole('heading', {name: 'Market', exact: true}).waitFor();
});

for (const [viewport, name] of [[PHONE, '390'], [NARROW, '360']]) {
  test(`at ${name} px one half is shown at a time, and nothing is cut off`, async () => {
    await offerItem(sandbox.address, 123456);
    const phone = await Window.open(browser, `${sandbox.address}/page/market.html`, {viewport, touch: true, dark: name === '390'});
    await phone.page.locator('.title-item').first().waitFor();
    await phone.fitsItsWidth();
    await phone.shot(`market-list-${name}`);
    await phone.page.locator('.title-item').first().tap();
    await phone.page.locator('.columns').waitFor();
    await phone.fitsItsWidth();
    await phone.shot(`market-title-${name}`);
    await phone.button('Back to the list').tap();
    await phone.page.locator('#account-item button').tap();
    await phone.page.locator('.amounts').waitFor();
    await phone.fitsItsWidth();
    await phone.page.locator('#tab-inventory').tap();
    await phone.page.getByRole('list', {name: 'Inventory', exact: true}).waitFor();
    const tab = await phone.page.locator('#tab-inventory').boundingBox();
    assert.ok(tab.x >= 0 && tab.x + tab.width <= viewport.width, 'the chosen tab is in view');
    assert.ok(tab.height > 30, 'a long list leaves the tabs their height');
    await phone.fitsItsWidth();
    await phone.shot(`market-account-${name}`);
    await phone.close();
  });
}
