// What lies over the page for a moment: toasts, dialogs, menus, the large view of a picture.

import {el, icon, iconButton} from './dom.js';

// ----- toasts

export function toast(text, kind = 'plain') {
  const shelf = document.getElementById('toasts');
  const note = el('div', {class: `toast ${kind}`}, text);
  shelf.append(note);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  const seconds = Math.min(8, 3 + text.length / 40);
  setTimeout(() => {
    note.classList.add('leaving');
    setTimeout(() => note.remove(), 250);
  }, seconds * 1000);
}

export async function copyText(text, said = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    const field = el('textarea', {class: 'off-screen', value: text});
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    toast(done ? said : 'The browser did not allow copying.', done ? 'plain' : 'error');
  }
}

// ----- dialogs

function show(dialog) {
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    before?.focus?.();
  });
  dialog.addEventListener('mousedown', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// The box that a bot raises with show_alert.
export function alertBox(title, text) {
  const ok = el('button', {type: 'button', class: 'button primary', autofocus: true, onclick: () => dialog.close()}, 'OK');
  const dialog = el('dialog', {class: 'box alert', role: 'alertdialog', 'aria-label': title, 'aria-describedby': 'alert-text'},
                    el('h2', {}, title), el('p', {id: 'alert-text'}, text), el('div', {class: 'box-actions'}, ok));
  show(dialog);
}

export function ask(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const agree = el('button', {type: 'button', class: 'button danger', onclick: () => {
      answer = true;
      dialog.close();
    }}, yes);
    const dialog = el('dialog', {class: 'box alert', 'aria-label': title}, el('h2', {}, title), el('p', {}, text),
                      el('div', {class: 'box-actions'},
                         el('button', {type: 'button', class: 'button', autofocus: true, onclick: () => dialog.close()}, 'Cancel'), agree));
    dialog.addEventListener('close', () => resolve(answer));
    show(dialog);
  });
}

// A form; `submit(values)` may throw, its text is shown. Fields: {name, label, ...attributes}, or a node.
export function form(title, fields, yes, submit) {
  const fault = el('p', {class: 'form-fault', role: 'alert'});
  const rows = fields.map((field) => {
    if (field instanceof Node) return field;
    const {label, ...attributes} = field;
    return el('label', {class: 'field'}, el('span', {}, label), el('input', {type: 'text', autocomplete: 'off', ...attributes}));
  });
  const body = el('form', {method: 'dialog'}, el('h2', {}, title), rows, fault,
                  el('div', {class: 'box-actions'},
                     el('button', {type: 'button', class: 'button', onclick: () => dialog.close()}, 'Cancel'),
                     el('button', {type: 'submit', class: 'button primary'}, yes)));
  const dialog = el('dialog', {class: 'box', 'aria-label': title}, body);
  body.addEventListener('submit', async (event) => {
    event.preventDefault();
    fault.textContent = '';
    try {
      await submit(new FormData(body));
      dialog.close();
    } catch (error) {
      fault.textContent = error.message;
    }
  });
  show(dialog);
  body.querySelector('input')?.focus();
}

export function panel(title, ...content) {
  const dialog = el('dialog', {class: 'box panel', 'aria-label': title},
                    el('header', {class: 'panel-head'}, el('h2', {}, title), iconButton('close', 'Close', () => dialog.close())),
                    content);
  return show(dialog);
}

export function lightbox(address, name) {
  const picture = el('img', {src: address, alt: name});
  const dialog = el('dialog', {class: 'lightbox', 'aria-label': name, onclick: () => dialog.close()}, picture,
                    el('div', {class: 'lightbox-tools'},
                       el('a', {class: 'icon-button', href: address, download: name, title: 'Download', 'aria-label': 'Download',
                                onclick: (event) => event.stopPropagation()}, icon('down')),
                       iconButton('close', 'Close', () => dialog.close(), {autofocus: true})));
  show(dialog);
}

// ----- menus

let closeOpenMenu = null;

export function closeMenu() {
  closeOpenMenu?.();
}

// items: {label, icon, act, danger, checked, node} or null for a line. `at`: an element, or {x, y}.
export function menu(at, items, label) {
  closeMenu();
  const before = document.activeElement;
  const list = el('div', {class: 'menu', role: 'menu', 'aria-label': label});
  for (const item of items.filter((one) => one !== undefined)) {
    if (item === null) {
      list.append(el('div', {class: 'menu-line', role: 'separator'}));
      continue;
    }
    list.append(el('button', {
      type: 'button', tabindex: '-1', class: item.danger ? 'danger' : '',
      role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
      'aria-checked': item.checked === undefined ? undefined : String(item.checked),
      onclick: () => {
        close();
        item.act();
      },
    }, item.node ?? (item.icon ? icon(item.icon) : null), el('span', {class: 'menu-label'}, item.label),
    item.checked ? icon('check') : null));
  }
  document.body.append(list);
  place(list, at);
  const buttons = [...list.querySelectorAll('button')];
  if (at instanceof Element) at.setAttribute('aria-expanded', 'true');

  function close() {
    if (closeOpenMenu !== close) return;
    closeOpenMenu = null;
    list.remove();
    document.removeEventListener('pointerdown', outside, true);
    window.removeEventListener('resize', close);
    if (at instanceof Element) at.setAttribute('aria-expanded', 'false');
    if (before?.isConnected) before.focus({preventScroll: true});
  }
  function outside(event) {
    if (!list.contains(event.target)) close();
  }
  list.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement);
    const go = (index) => buttons[(index + buttons.length) % buttons.length].focus();
    const keys = {ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(-1),
                  Escape: close, Tab: close};
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  document.addEventListener('pointerdown', outside, true);
  window.addEventListener('resize', close);
  closeOpenMenu = close;
  (buttons.find((button) => button.getAttribute('aria-checked') === 'true') ?? buttons[0])?.focus({preventScroll: true});
}

function place(list, at) {
  const size = list.getBoundingClientRect();
  const box = at instanceof Element ? at.getBoundingClientRect() : {left: at.x, right: at.x, top: at.y, bottom: at.y};
  const room = {width: window.innerWidth, height: window.innerHeight};
  const left = box.left + size.width + 8 > room.width ? Math.max(8, box.right - size.width) : box.left;
  const below = box.bottom + 4 + size.height <= room.height - 8;
  const top = below ? box.bottom + 4 : Math.max(8, box.top - size.height - 4);
  list.style.setProperty('left', `${left}px`);
  list.style.setProperty('top', `${top}px`);
}
