// One title: what it is worth, its offers, targets and sales, and what the other side may do with it.

import {el, iconButton} from '../dom.js';
import {form, toast} from '../overlays.js';
import * as exchange from './exchange.js';
import {action, card, list, row} from './rows.js';
import {ago, cents, money, particulars} from './words.js';

export class TitleView {
  constructor(place) { this.place = place; }

  async load() {
    const {game, title} = this.place;
    this.shown = await exchange.title(game, title);
    return this.shown;
  }

  nodes() {
    const {shown} = this;
    return [
      el('header', {class: 'market-bar'},
         iconButton('back', 'Back to the list', () => this.place.go({view: 'list'}), {class: 'icon-button back'}),
         el('div', {class: 'head-text'}, el('h1', {}, shown.title),
            el('span', {class: 'head-status'}, `worth about ${money(shown.worth)} · ${shown.category_path}`))),
      el('div', {class: 'market-actions'},
         action('Move price', 'Move the price', () => this.#move()), action('New offer', 'New offer of a trader', () => this.#offer()),
         action('New target', 'New target of a trader', () => this.#target()),
         action('Give item', 'Give the account this item', () => this.#give())),
      el('div', {class: 'columns'},
         card('Offers', list('Offers', shown.offers.map((offer) => this.#offerRow(offer)), 'Nobody offers it.')),
         card('Targets', list('Targets', shown.targets.map((line) => this.#targetRow(line)), 'Nobody wants it.')),
         card('Sales', list('Sales', shown.sales.map((sale) => this.#saleRow(sale)), 'No sale is known.'))),
    ];
  }

  #offerRow(offer) {
    const tags = [];
    if (offer.mine) tags.push({text: 'yours', kind: 'own'});
    if (offer.locked) tags.push({text: 'being bought'});
    return row({
      main: money(offer.price), tags, sub: particulars(offer), value: '', note: ago(offer.created_at, this.shown.now), own: offer.mine,
      actions: offer.mine ? [action('Buy', `Buy the offer at ${money(offer.price)}`, () => this.#buy(offer), 'primary')] : [],
    });
  }

  #targetRow(line) {
    return row({main: money(line.price), tags: line.mine ? [{text: 'yours', kind: 'own'}] : [], sub: particulars(line) || 'any copy',
                value: '', note: `× ${line.amount}`, own: line.mine});
  }

  #saleRow(sale) {
    return row({main: money(sale.price), tags: sale.by === 'target' ? [{text: 'to a target'}] : [], sub: particulars(sale), value: '',
                note: ago(sale.at, this.shown.now)});
  }

  async #act(name, values, said) {
    await exchange.act(name, values);
    toast(said);
    await this.place.refresh();
  }

  #buy(offer) {
    this.#act('buy', {offer: offer.offer}, `A trader bought it at ${money(offer.price)}`).catch((error) => toast(error.message, 'error'));
  }

  #move() {
    form('Move the price', [{name: 'percent', label: 'By percent', value: '10', required: true, inputmode: 'decimal'}], 'Move', (values) => {
      const percent = Number(String(values.get('percent')).replace(',', '.'));
      if (!Number.isFinite(percent)) throw new Error('Write a number such as -5 or 10.');
      return this.#act('move', {...this.#name(), percent}, 'The price has moved');
    });
  }

  #offer() {
    form('New offer of a trader', [{name: 'price', label: 'Price in dollars', required: true, inputmode: 'decimal'}], 'Offer',
         (values) => this.#act('offer', {...this.#name(), price: cents(values.get('price'))}, 'The offer stands'));
  }

  #target() {
    const fields = [{name: 'price', label: 'Price in dollars', required: true, inputmode: 'decimal'},
                    {name: 'amount', label: 'How many', value: '1', inputmode: 'numeric', pattern: '[0-9]{1,3}'}];
    if (this.shown.has_float) fields.push({name: 'float_part', label: 'Float part', placeholder: 'any, or for example FT-0'});
    form('New target of a trader', fields, 'Place', (values) => this.#act('target', {
      ...this.#name(), price: cents(values.get('price')), amount: Number(values.get('amount') || 1), float_part: values.get('float_part') ?? '',
    }, 'The target stands'));
  }

  #give() {
    const inMarket = el('label', {class: 'check-row'}, el('input', {type: 'checkbox', name: 'in_market', checked: true}),
                        el('span', {}, 'already in the market (else in Steam, after a sync)'));
    form('Give the account this item', [inMarket], 'Give', (values) =>
      this.#act('give', {...this.#name(), in_market: values.has('in_market')}, 'The account has it'));
  }

  #name() { return {game: this.shown.game, title: this.shown.title}; }
}
