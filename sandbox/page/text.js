// Turns a text and its entities into nodes. Entities count UTF-16 units, as JavaScript's strings do.

import {el, icon} from './dom.js';
import {formatDate, fullTime} from './format.js';

const LINKED = /^(https?:|mailto:|tel:)/i;

function link(address, children) {
  const target = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`;
  if (!LINKED.test(target)) return el('span', {class: 'link', title: address}, children);
  return el('a', {href: target, target: '_blank', rel: 'noopener noreferrer', title: target}, children);
}

function spoiler(children) {
  const hidden = el('span', {class: 'spoiler', role: 'button', tabindex: '0', 'aria-label': 'Hidden text, show'},
                    el('span', {class: 'spoiler-text', 'aria-hidden': 'true'}, children));
  const show = (event) => {
    if (hidden.classList.contains('shown')) return;
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    hidden.classList.add('shown');
    hidden.removeAttribute('role');
    hidden.removeAttribute('aria-label');
    hidden.removeAttribute('tabindex');
    hidden.firstChild.removeAttribute('aria-hidden');
  };
  hidden.addEventListener('click', show);
  hidden.addEventListener('keydown', show);
  return hidden;
}

function codeBlock(text, language, actions) {
  const copy = el('button', {type: 'button', class: 'code-copy', 'aria-label': 'Copy code', title: 'Copy code',
                             onclick: () => actions.copy(text)}, icon('copy'));
  return el('div', {class: 'code-block'},
            el('div', {class: 'code-head'}, el('span', {}, language || 'code'), copy),
            el('pre', {tabindex: '0'}, el('code', {}, text.replace(/\n$/, ''))));
}

function quote(children, expandable) {
  const block = el('blockquote', {}, children);
  if (!expandable) return block;
  block.classList.add('expandable');
  const toggle = el('button', {type: 'button', class: 'quote-toggle', 'aria-expanded': 'false', 'aria-label': 'Expand quote'},
                    icon('down'));
  toggle.addEventListener('click', () => {
    const open = block.classList.toggle('open');
    toggle.setAttribute('aria-expanded', String(open));
    toggle.setAttribute('aria-label', open ? 'Collapse quote' : 'Expand quote');
  });
  return el('div', {class: 'quote-box'}, block, toggle);
}

function dateTime(entity, children, text) {
  const shown = entity.date_time_format ? [formatDate(entity.unix_time, entity.date_time_format, text)] : children;
  return el('time', {class: 'link', datetime: new Date(entity.unix_time * 1000).toISOString(),
                     title: fullTime(entity.unix_time)}, shown);
}

// `actions`: {command(text), copy(text)}
function wrap(entity, children, text, actions) {
  switch (entity.type) {
    case 'bold': return el('strong', {}, children);
    case 'italic': return el('em', {}, children);
    case 'underline': return el('u', {}, children);
    case 'strikethrough': return el('s', {}, children);
    case 'spoiler': return spoiler(children);
    case 'code':
      return el('code', {class: 'inline-code', title: 'Click to copy', onclick: () => actions.copy(text)}, children);
    case 'pre': return codeBlock(text, entity.language, actions);
    case 'blockquote': return quote(children, false);
    case 'expandable_blockquote': return quote(children, true);
    case 'text_link': return link(entity.url ?? '', children);
    case 'url': return link(text, children);
    case 'email': return link(`mailto:${text}`, children);
    case 'phone_number': return link(`tel:${text.replace(/[^+\d]/g, '')}`, children);
    case 'bot_command':
      return el('a', {class: 'link', href: '#', role: 'button', onclick: (event) => {
        event.preventDefault();
        actions.command(text);
      }}, children);
    case 'mention':
    case 'hashtag':
    case 'cashtag':
      return el('span', {class: 'link'}, children);
    case 'text_mention':
      return el('span', {class: 'link', title: `User ${entity.user?.id ?? ''}`}, children);
    case 'date_time': return dateTime(entity, children, text);
    default: return el('span', {'data-entity': entity.type}, children);
  }
}

const isBlock = (type) => type === 'pre' || type === 'blockquote' || type === 'expandable_blockquote';

// Nodes of text[begin, end); `entities` are those inside, outer ones first.
function pieces(text, begin, end, entities, actions) {
  const nodes = [];
  let at = begin;
  const plain = (until) => {
    if (until > at) nodes.push(document.createTextNode(text.slice(at, until)));
    at = Math.max(at, until);
  };
  for (let i = 0; i < entities.length;) {
    const entity = entities[i++];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    plain(from);
    const inner = [];
    while (i < entities.length && entities[i].offset < to) inner.push(entities[i++]);
    const inside = isBlock(entity.type) && text[to - 1] === '\n' ? to - 1 : to;
    const children = entity.type === 'pre' ? [] : pieces(text, from, inside, inner, actions);
    nodes.push(wrap(entity, children, text.slice(from, to), actions));
    at = to;
    // A block ends its line by itself.
    if (isBlock(entity.type) && text[at] === '\n' && inside === to) at += 1;
  }
  plain(end);
  return nodes;
}

export function formatted(text, entities = [], actions) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, 0, text.length, sorted, actions);
}

// One line without formatting; spoilers stay hidden.
export function oneLine(text, entities = []) {
  let line = text;
  for (const entity of entities) {
    if (entity.type !== 'spoiler') continue;
    const end = entity.offset + entity.length;
    line = line.slice(0, entity.offset) + '▒'.repeat(entity.length) + line.slice(end);
  }
  return line.replace(/\s+/g, ' ').trim();
}
