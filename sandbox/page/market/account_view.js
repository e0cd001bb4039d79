// The account that a bot trades with: money, offers, targets, items, history; and the acts of the other side.

import {el, iconButton} from '../dom.js';
import {ask, form, toast} from '../overlays.js';
import * as exchange from './exchange.js';
import {action, list, row} from './rows.js';
import {ago, cents, money, particulars, until} from './words.js';

const STATES = {trade_protected: 'protected', successful: 'final', reverted: 'reverted', pending: 'pending', failed: 'failed'};

export class AccountView {
  constructor(place) {
    this.place = place;
    this.tab = 'offers';
  }

  async load() {
    this.shown = await exchange.account();
    return this.shown;
  }

  nodes() {
    const {balance} = this.shown;
    const amount = (label, value) => el('div', {class: 'amount'}, el('span', {}, label), el('b', {}, money(value)));
    return [
      el('header', {class: 'market-bar'},
         iconButton('back', 'Back to the list', () => this.place.go({view: 'list'}), {class: 'icon-button back'}),
         el('div', {class: 'head-text'}, el('h1', {}, 'Account'), el('span', {class: 'head-status'}, 'what the bot trades with')),
         action('Add money', 'Add money', () => this.#money())),
      el('div', {class: 'amounts'}, amount('Available', balance.usd), amount('To withdraw', balance.usd_withdraw),
         amount('Protected', balance.usd_protected), amount('Reserved', balance.usd_reserved)),
      this.#tabs(),
      el('section', {class: 'card', role: 'tabpanel', id: 'panel', 'aria-labelledby': `tab-${this.tab}`}, this.#content()),
    ];
  }

  #tabs() {
    const {shown} = this;
    const tabs = [['offers', 'Offers', shown.offers.length], ['targets', 'Targets', shown.targets.length],
                  ['inventory', 'Inventory', shown.inventory.length], ['history', 'History', shown.trades.length],
                  ['events', 'Events', shown.events.length]];
    const choose = (name, focus) => {
      this.tab = name;
      this.place.render();
      if (focus) document.getElementById(`tab-${name}`)?.focus();
    };
    return el('div', {
      class: 'tabs', role: 'tablist', 'aria-label': 'Account',
      onkeydown: (event) => {
        const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        if (!step) return;
        event.preventDefault();
        const at = tabs.findIndex(([name]) => name === this.tab);
        choose(tabs[(at + step + tabs.length) % tabs.length][0], true);
      },
    }, tabs.map(([name, label, count]) => el('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, class: 'tab', 'aria-selected': String(name === this.tab), 'aria-controls': 'panel',
      tabindex: name === this.tab ? '0' : '-1', onclick: () => choose(name, true),
    }, label, el('span', {class: 'tab-count'}, String(count)))));
  }

  #content() {
    const {shown} = this;
    if (this.tab === 'offers') return list('Own offers', shown.offers.map((offer) => this.#offer(offer)), 'The account offers nothing.');
    if (this.tab === 'targets') return list('Own targets', shown.targets.map((target) => this.#target(target)), 'The account has no targets.');
    if (this.tab === 'inventory') return list('Inventory', shown.inventory.map((item) => this.#item(item)), 'The account has no items.');
    if (this.tab === 'history') return list('History', shown.trades.map((trade) => this.#trade(trade)), 'Nothing was traded yet.');
    return list('Events', [...shown.events].reverse().map((event) => row({main: event.text, sub: event.kind, value: '', note: ago(event.at, shown.now)})),
                'Nothing has happened yet.');
  }

  #link(thing) {
    return el('button', {type: 'button', class: 'link-button',
                         onclick: () => this.place.go({game: thing.game, view: 'title', title: thing.title})}, thing.title);
  }

  #offer(offer) {
    const lock = until(offer.change_at, this.shown.now);
    return row({
      main: this.#link(offer), sub: [particulars(offer), lock ? `next change ${lock}` : ''].filter(Boolean).join(' · '), value: money(offer.price),
      tags: offer.locked ? [{text: 'being bought'}] : [],
      actions: [action('Buy', `Buy ${offer.title} at ${money(offer.price)}`, () => this.#act('buy', {offer: offer.offer}, 'A trader bought it'), 'primary')],
    });
  }

  #target(target) {
    const lock = until(target.change_at, this.shown.now);
    return row({
      main: this.#link(target), sub: [particulars(target) || 'any copy', lock ? `next change ${lock}` : ''].filter(Boolean).join(' · '),
      value: money(target.price), note: `× ${target.amount}`, tags: target.active ? [] : [{text: 'inactive'}],
      actions: [action('Sell', `Sell ${target.title} at ${money(target.price)}`, () => this.#act('sell', {target: target.target}, 'A trader sold to it'), 'primary')],
    });
  }

  #item(item) {
    const tags = [{text: item.in_market ? 'market' : 'Steam'}];
    if (item.offered) tags.push({text: 'offered', kind: 'own'});
    if (item.protected) tags.push({text: 'protected'});
    return row({main: this.#link(item), tags, sub: [particulars(item), item.tradable ? '' : `trade lock ends ${until(item.unlock_at, this.shown.now)}`].filter(Boolean).join(' · '),
                value: money(item.suggested_price), note: 'suggested'});
  }

  #trade(trade) {
    const isOpen = trade.state === 'trade_protected';
    const fee = trade.side === 'sale' ? `fee ${money(trade.fee)}` : '';
    return row({
      main: this.#link(trade), tags: [{text: trade.side === 'sale' ? 'sold' : 'bought'}, {text: STATES[trade.state] ?? trade.state, kind: trade.state}],
      sub: [particulars(trade), fee, ago(trade.closed_at, this.shown.now), isOpen ? `final ${until(trade.finalization_at, this.shown.now)}` : ''].filter(Boolean).join(' · '),
      value: money(trade.price),
      actions: isOpen ? [action('Finalize', `Finalize ${trade.title}`, () => this.#act('finalize', {trade: trade.trade}, 'It is final')),
                         action('Revert', `Revert ${trade.title}`, () => this.#revert(trade), 'danger')] : [],
    });
  }

  async #revert(trade) {
    if (!await ask('Revert the trade?', `${trade.title} at ${money(trade.price)} goes back, and so does the money.`, 'Revert')) return;
    await this.#act('revert', {trade: trade.trade}, 'The trade was reverted');
  }

  #money() {
    form('Add money', [{name: 'amount', label: 'Dollars (below zero takes it away)', value: '100.00', required: true, inputmode: 'decimal'}], 'Add',
         async (values) => {
           await exchange.act('money', {cents: cents(values.get('amount'))});
           await this.place.refresh();
         });
  }

  async #act(name, values, said) {
    try {
      await exchange.act(name, values);
      toast(said);
    } catch (error) {
      toast(error.message, 'error');
    }
    await this.place.refresh().catch((error) => toast(error.message, 'error'));
  }
}
