// The left side: who I am, and my conversations.

import * as control from './control.js';
import {avatar, el, icon} from './dom.js';
import {fullName, listTime} from './format.js';
import {summary} from './message.js';
import {form, menu, toast} from './overlays.js';

export class ChatList {
  constructor(world) {
    this.world = world;
    this.list = document.getElementById('chats');
    this.search = document.getElementById('search');
    this.personButton = document.getElementById('person-button');
    document.querySelector('.search-icon').append(icon('search'));
    document.getElementById('address').textContent = location.host;
    const newGroup = document.getElementById('new-group');
    newGroup.append(icon('group'));
    document.getElementById('to-market').append(icon('market'));
    newGroup.addEventListener('click', () => this.#createGroup());
    this.personButton.addEventListener('click', () => this.#personMenu());
    this.search.addEventListener('input', () => this.render());
    this.search.addEventListener('keydown', (event) => this.#searchKey(event));
    this.list.addEventListener('keydown', (event) => this.#listKey(event));
    for (const kind of ['reset', 'people', 'messages', 'action', 'list', 'open']) world.on(kind, () => this.render());
  }

  render() {
    this.#renderPerson();
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const wanted = this.search.value.trim().toLowerCase();
    const items = [...this.world.conversations.values()]
                      .filter((one) => this.world.titleOf(one).toLowerCase().includes(wanted))
                      .sort((a, b) => this.#newest(b) - this.#newest(a));
    const nodes = items.map((conversation) => this.#item(conversation));
    if (!nodes.length && wanted) nodes.push(el('li', {class: 'nothing'}, 'No chat of that name.'));
    this.list.replaceChildren(...nodes);
    if (focused) this.list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
    this.#renderTitle();
  }

  #newest(conversation) { return conversation.last()?.message.date ?? 0; }

  #renderTitle() {
    let unread = 0;
    for (const conversation of this.world.conversations.values()) unread += this.world.unread(conversation);
    document.title = unread ? `(${unread}) Sandbox chat` : 'Sandbox chat';
  }

  #renderPerson() {
    const user = this.world.user();
    const name = user ? fullName(user) : 'Nobody';
    this.personButton.setAttribute('aria-label', `You are ${name}. Change person`);
    this.personButton.replaceChildren(
        avatar(user?.id ?? 0, name, 'medium'),
        el('span', {class: 'person-text'}, el('b', {}, name), el('span', {}, user?.username ? `@${user.username}` : 'choose a person')),
        icon('down'));
  }

  #item(conversation) {
    const {world} = this;
    const last = conversation.last();
    const title = world.titleOf(conversation);
    const unread = world.unread(conversation);
    const action = world.actionOf(conversation);
    const current = conversation.key === world.openKey;
    const draft = current ? '' : world.drafts.get(conversation.key);
    return el('li', {}, el('button', {
      type: 'button', class: `chat-item${current ? ' current' : ''}`, 'data-key': conversation.key,
      'aria-current': current ? 'true' : undefined, onclick: () => world.choose(conversation.key),
      'aria-label': `${title}${unread ? `, ${unread} unread` : ''}${last ? `. ${summary(last.message)}` : ''}`,
    },
    avatar(conversation.isPrivate ? conversation.bot : conversation.chat, title),
    el('span', {class: 'chat-item-text'},
       el('span', {class: 'chat-item-top'},
          el('span', {class: 'chat-item-title'}, title),
          conversation.isPrivate ? el('span', {class: 'tag'}, 'bot') : icon('people'),
          el('time', {}, last ? listTime(last.message.date) : '')),
       el('span', {class: 'chat-item-bottom'},
          action ? el('span', {class: 'chat-item-line acting'}, actionText(action.action))
                 : draft ? el('span', {class: 'chat-item-line'}, el('span', {class: 'draft-mark'}, 'Draft: '), draft)
                         : el('span', {class: 'chat-item-line'}, this.#preview(conversation, last)),
          unread ? el('span', {class: 'unread', 'aria-hidden': 'true'}, unread > 99 ? '99+' : String(unread)) : null))));
  }

  #preview(conversation, last) {
    if (!last) return conversation.isPrivate ? 'Press start to begin' : 'No messages yet';
    const own = this.world.isMine(last);
    const who = own ? 'You: ' : conversation.isPrivate ? '' : `${this.world.senderName(last.message)}: `;
    return [who ? el('span', {class: 'who'}, who) : null, summary(last.message)].filter(Boolean);
  }

  #searchKey(event) {
    if (event.key === 'Escape') {
      this.search.value = '';
      this.render();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.list.querySelector('button')?.focus();
    } else if (event.key === 'Enter') {
      event.preventDefault();  // or the same key would press what gets the focus next
      this.list.querySelector('button')?.click();
      this.search.value = '';
      this.render();
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

  #personMenu() {
    const people = [...this.world.users.values()].map((user) => ({
      label: fullName(user), node: avatar(user.id, fullName(user), 'small'), checked: user.id === this.world.me,
      act: () => this.world.choosePerson(user.id)?.catch((error) => toast(error.message, 'error')),
    }));
    menu(this.personButton, [...people, null, {label: 'Add person…', icon: 'plus', act: () => this.#addPerson()}], 'People');
  }

  #addPerson() {
    form('Add a person', [
      {name: 'first_name', label: 'First name', required: true, maxlength: 64},
      {name: 'last_name', label: 'Last name', maxlength: 64},
      {name: 'username', label: 'User name', pattern: '[A-Za-z][A-Za-z0-9_]{3,31}', placeholder: 'optional', title: '4 to 32 letters, digits and _'},
      {name: 'language_code', label: 'Language', pattern: '[a-z]{2}(-[A-Za-z]+)?', value: 'en', title: 'Two letters, for example en'},
    ], 'Add', async (values) => {
      const body = Object.fromEntries([...values].filter(([, value]) => value));
      const {user} = await control.addUser(body);
      await this.world.choosePerson(user.id);
    });
  }

  #createGroup() {
    const {world} = this;
    const row = (who, kind) => el('label', {class: 'check-row'}, el('input', {type: 'checkbox', name: kind, value: String(who.id), checked: kind === 'bots'}),
                                  avatar(who.id, fullName(who), 'small'), el('span', {}, fullName(who)), kind === 'bots' ? el('span', {class: 'tag'}, 'bot') : null);
    const others = [...world.users.values()].filter((user) => user.id !== world.me);
    form('New group', [
      {name: 'title', label: 'Title', required: true, maxlength: 128},
      el('fieldset', {class: 'check-list'}, el('legend', {}, 'Members'), others.map((user) => row(user, 'members')),
         [...world.bots.values()].map((bot) => row(bot, 'bots'))),
    ], 'Create', async (values) => {
      const {chat} = await control.changeChat({
        type: 'group', title: values.get('title'), creator: world.me,
        members: values.getAll('members').map(Number), bots: values.getAll('bots').map(Number),
      });
      await world.load();
      world.choose(`g${chat.chat ?? chat.id}`);
    });
  }
}

const ACTIONS = {
  typing: 'typing', upload_photo: 'sending a photo', record_video: 'recording a video', upload_video: 'sending a video',
  record_voice: 'recording a voice message', upload_voice: 'sending a voice message', upload_document: 'sending a file',
  choose_sticker: 'choosing a sticker', find_location: 'choosing a location', record_video_note: 'recording a video message',
  upload_video_note: 'sending a video message',
};

export function actionText(action) {
  return el('span', {class: 'acting-text'}, ACTIONS[action] ?? action,
            el('span', {class: 'dots', 'aria-hidden': 'true'}, el('i'), el('i'), el('i')));
}
