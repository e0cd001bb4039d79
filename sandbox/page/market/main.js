// Starts the market page: where it is stands in the address, what it shows follows the exchange's events.

import {el, icon} from '../dom.js';
import {closeMenu, toast} from '../overlays.js';
import {AccountView} from './account_view.js';
import * as exchange from './exchange.js';
import {TitleList} from './title_list.js';
import {TitleView} from './title_view.js';
import {marketTime} from './words.js';

const HOLD_SECONDS = 20;
const LOOK_MS = 5000;  // other traders move without telling
const PAUSE_MS = 2000;

const stage = document.getElementById('market');
const connection = document.getElementById('connection');

const place = {
  game: 'a8db', view: 'list', title: '',

  go(where) {
    const next = {game: this.game, view: this.view, title: this.title, ...where};
    if (where.game && where.game !== this.game && !where.view && next.view === 'title') next.view = 'list';
    location.hash = new URLSearchParams(next.view === 'title' ? next : {game: next.game, view: next.view}).toString();
  },

  read() {
    const values = new URLSearchParams(location.hash.slice(1));
    this.game = exchange.GAMES.some(([id]) => id === values.get('game')) ? values.get('game') : 'a8db';
    this.title = values.get('title') ?? '';
    this.view = values.get('view') === 'account' || (values.get('view') === 'title' && this.title) ? values.get('view') : 'list';
  },

  async refresh() {
    const [shown, account] = await Promise.all([views[this.view]?.load(), exchange.account(), list.load()]);
    const clock = document.getElementById('clock');
    clock.textContent = marketTime(account.now);
    list.renderAccount(account);
    if (shown || this.view === 'list') this.render();
  },

  render() {
    document.body.dataset.view = this.view === 'list' ? 'list' : 'chat';
    list.render();
    const focused = stage.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    const scrolled = stage.scrollTop;
    stage.replaceChildren(...(views[this.view]?.nodes() ?? [hint()]));
    stage.scrollTop = scrolled;
    showChosenTab();
    if (focused) [...stage.querySelectorAll('button')].find((button) => nameOf(button) === focused)?.focus({preventScroll: true});
  },
};

const nameOf = (node) => node.id || node.getAttribute('aria-label') || node.textContent;

const list = new TitleList(place);
const views = {title: new TitleView(place), account: new AccountView(place)};

// On a phone the row of tabs is wider than the window.
function showChosenTab() {
  const tab = stage.querySelector('.tab[aria-selected="true"]');
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.parentElement.clientWidth / 2;
}

function hint() {
  return el('div', {class: 'hint'}, el('span', {class: 'hint-mark'}, icon('search')), el('h1', {}, 'Choose a title'),
            el('p', {}, 'You play everybody but the bot: sell to its targets, buy its offers, move prices.'));
}

function showConnected(connected) {
  connection.hidden = connected;
  connection.textContent = connected ? '' : 'No connection to the sandbox. Trying again…';
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function arrive() {
  closeMenu();
  place.read();
  try {
    await place.refresh();
    stage.scrollTop = 0;
    if (place.view !== 'list' && matchMedia('(max-width: 760px)').matches) stage.focus({preventScroll: true});
  } catch (error) {
    toast(error.message, 'error');
    if (place.view === 'title') place.go({view: 'list'});
  }
}

// What happens to the account is shown at once.
async function follow() {
  let after;
  for (;;) {
    try {
      if (after === undefined) after = (await exchange.account()).last_event;
      const answer = await exchange.events(after, HOLD_SECONDS);
      showConnected(true);
      if (answer.next === after) continue;
      after = answer.next;
      await place.refresh();
    } catch {
      after = undefined;
      showConnected(false);
      await pause(PAUSE_MS);
    }
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (matchMedia('(max-width: 760px)').matches) place.go({view: 'list'});
    document.getElementById('search').focus();
  } else if (event.key === 'Escape' && place.view !== 'list' && !document.querySelector('dialog[open]') && event.target.id !== 'search') {
    place.go({view: 'list'});
  }
});
window.addEventListener('hashchange', arrive);
setInterval(() => {
  if (!document.hidden && connection.hidden && !document.querySelector('dialog[open]')) place.refresh().catch(() => { /* follow() reports it */ });
}, LOOK_MS);
arrive().then(follow);
