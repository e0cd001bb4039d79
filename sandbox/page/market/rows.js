// The lists that every part of the page is made of.

import {el} from '../dom.js';

// One line: what, more about it, how much, and buttons.
export function row({main, sub, value, note, tags = [], actions = [], own = false}) {
  return el('li', {class: `row${own ? ' own-row' : ''}`},
            el('div', {class: 'row-text'},
               el('span', {class: 'row-main'}, main, tags.map((tag) => el('span', {class: `tag ${tag.kind ?? ''}`}, tag.text))),
               sub ? el('span', {class: 'row-sub'}, sub) : null),
            el('div', {class: 'row-value'}, el('b', {}, value), note ? el('span', {class: 'row-sub'}, note) : null),
            actions.length ? el('div', {class: 'row-actions'}, actions) : null);
}

export function list(label, rows, empty) {
  if (!rows.length) return el('p', {class: 'nothing'}, empty);
  return el('ul', {class: 'rows', 'aria-label': label}, rows);
}

export function card(title, ...content) {
  return el('section', {class: 'card', 'aria-label': title}, el('h2', {}, title), content);
}

export function action(label, name, onclick, kind = '') {
  return el('button', {type: 'button', class: `button small ${kind}`, 'aria-label': name, onclick}, label);
}
