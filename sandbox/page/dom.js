// Builds elements. Text only ever becomes text nodes: nothing that a user or a bot wrote is parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith('on')) {
    node.addEventListener(name.slice(2), value);
  } else if (name === 'class') {
    node.setAttribute('class', value);
  } else if (name === 'style') {
    for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
  } else if (name === 'value' || name === 'disabled' || name === 'checked') {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? '' : value);
  }
}

// el('button', {class: 'x', onclick: f, 'aria-label': 'Send'}, 'text', child, [more])
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  send: 'M3.4 20.4 21.6 12 3.4 3.6 3.3 10l12 2-12 2z',
  clip: 'M7.5 12.5 14 6a3.2 3.2 0 0 1 4.5 4.5l-8.2 8.2a5 5 0 0 1-7.1-7.1L11 3.8',
  back: 'M15 5l-7 7 7 7',
  more: 'M12 6.5v.01M12 12v.01M12 17.5v.01',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20',
  group: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5.5 6.5-5.5 1.5 0 2.8.4 3.9 1M18 13v7M14.5 16.5h7',
  people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2.3.7 3.7 2.5 4 5',
  menu: 'M5 7h14M5 12h14M5 17h14',
  close: 'M6 6l12 12M18 6 6 18',
  keyboard: 'M3.5 6.5h17v11h-17zM7 10v.01M10.5 10v.01M14 10v.01M17 10v.01M8 14h8',
  reply: 'M10 6 4.5 11.5 10 17M5 11.5h8c3.5 0 6 2 6.5 6',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z',
  copy: 'M8.5 8.5h11v11h-11zM5 15.5H4.5v-11h11V5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7',
  block: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8v.01',
  code: 'M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5',
  down: 'M6 9.5l6 6 6-6',
  link: 'M9 5.5H19V15M19 5.5 6 18.5',
  file: 'M6.5 3.5h7l4.5 4.5v12.5h-11.5zM13.5 3.5V8H18',
  plus: 'M12 5v14M5 12h14',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  pin: 'M9 4h6l-1 6 3.5 3.5h-11L10 10zM12 13.5V20',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.7-3.8 3.5-6 7.5-6s6.8 2.2 7.5 6',
  market: 'M4 19.5h16M7 16V9.5M12 16V5M17 16v-4',
  chat: 'M4.5 5.5h15v10.5h-8.5l-4.5 3.5v-3.5h-2z',
  leave: 'M14 4.5H5v15h9M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
};

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, extra = {}) {
  return el('button', {type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...extra}, icon(name));
}

// A coloured circle with the initials; the same id always gets the same colour.
export function avatar(id, name, size = '') {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const initials = words.slice(0, 2).map((word) => [...word][0]).join('').toUpperCase() || '?';
  return el('span', {class: `avatar ${tintOf(id)} ${size}`, 'aria-hidden': 'true'}, initials);
}

export function tintOf(id) {
  const number = Number(id) || 0;
  return `tint-${(Math.abs(number) * 3 + (number < 0 ? 2 : 0)) % 8}`;
}
