// The left side: the account, and the titles of one game.

import {el, icon} from '../dom.js';
import {toast} from '../overlays.js';
import * as exchange from './exchange.js';
import {money} from './words.js';

const PAUSE_MS = 150;  // after a key, before the market is asked

export class TitleList {
  constructor(place) {
    this.place = place;  // where the page is: {game, view, title, go()}
    this.list = document.getElementById('titles');
    this.search = document.getElementById('search');
    this.games = document.getElementById('games');
    document.querySelector('.search-icon').append(icon('search'));
    document.getElementById('to-chat').append(icon('chat'));
    this.search.addEventListener('input', () => this.#searchSoon());
    this.search.addEventListener('keydown', (event) => this.#searchKey(event));
    this.list.addEventListener('keydown', (event) => this.#listKey(event));
  }

  async load() {
    const asked = (this.asked = Symbol());
    const found = await exchange.titles(this.place.game, this.search.value.trim());
    if (asked !== this.asked) return;  // a newer question is under way
    this.found = found;
    this.render();
  }

  render() {
    this.#renderGames();
    if (!this.found) return;
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.title : null;
    const items = this.found.titles.map((entry) => this.#item(entry));
    const more = this.found.total - this.found.titles.length;
    if (!items.length) items.push(el('li', {class: 'nothing'}, 'No title of that name.'));
    if (more > 0) items.push(el('li', {class: 'nothing'}, `${more.toLocaleString('en')} more: search to find them.`));
    this.list.replaceChildren(...items);
    if (focused) this.list.querySelector(`[data-title="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  }

  renderAccount(account) {
    const current = this.place.view === 'account';
    document.getElementById('account-item').replaceChildren(
        el('button', {type: 'button', class: `chat-item${current ? ' current' : ''}`, 'aria-current': current ? 'true' : undefined,
                      onclick: () => this.place.go({view: 'account'})},
           el('span', {class: 'avatar tint-5 medium', 'aria-hidden': 'true'}, icon('person')),
           el('span', {class: 'chat-item-text'}, el('span', {class: 'chat-item-title'}, 'Account'),
              el('span', {class: 'chat-item-line'}, account ? `${money(account.balance.usd)} available` : ' '))));
  }

  #renderGames() {
    this.games.replaceChildren(...exchange.GAMES.map(([id, name]) => el('button', {
      type: 'button', class: 'game', 'aria-pressed': String(id === this.place.game), onclick: () => this.place.go({game: id}),
    }, name)));
  }

  #item(entry) {
    const current = this.place.view === 'title' && this.place.title === entry.title;
    return el('li', {}, el('button', {
      type: 'button', class: `chat-item title-item${current ? ' current' : ''}`, 'data-title': entry.title,
      'aria-current': current ? 'true' : undefined, onclick: () => this.place.go({view: 'title', title: entry.title}),
    },
    el('span', {class: 'chat-item-text'},
       el('span', {class: 'chat-item-title'}, entry.title),
       el('span', {class: 'title-prices'},
          el('span', {}, 'offer ', el('b', {}, money(entry.offer_best))), el('span', {}, 'target ', el('b', {}, money(entry.order_best)))))));
  }

  #searchSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch((error) => toast(error.message, 'error')), PAUSE_MS);
  }

  #searchKey(event) {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.list.querySelector('button')?.focus();
    } else if (event.key === 'Escape' && this.search.value) {
      this.search.value = '';
      this.#searchSoon();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      clearTimeout(this.timer);
      this.load().then(() => this.list.querySelector('button')?.click()).catch((error) => toast(error.message, 'error'));
    }
  }

  #listKey(event) {
    const buttons = [...this.list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement);
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step || at < 0) return;
    event.preventDefault();
    (buttons[at + step] ?? (step < 0 ? this.search : null))?.focus();
  }
}
