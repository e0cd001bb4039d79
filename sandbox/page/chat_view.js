// The right side: one conversation.

import {actionText} from './chat_list.js';
import {Composer} from './composer.js';
import * as control from './control.js';
import {avatar, el, icon, iconButton} from './dom.js';
import {dayKey, dayName, fullName, plural} from './format.js';
import {captionOf} from './media.js';
import {draftNode, messageNode, summary} from './message.js';
import {ask, copyText, form, menu, panel, toast} from './overlays.js';

const PAGE = 150;           // messages drawn at once
const RUN_SECONDS = 300;    // messages of one sender within this time stand together

const fail = (error) => toast(error.message, 'error');

export class ChatView {
  constructor(world) {
    this.world = world;
    this.root = document.getElementById('chat');
    this.nodes = new Map();
    this.shown = PAGE;
    this.root.addEventListener('keydown', (event) => this.#key(event));
    document.addEventListener('visibilitychange', () => world.markRead());
    world.on('open', () => this.open());
    world.on('reset', () => this.open());
    world.on('people', () => (this.conversation ? this.#renderHead() : this.open()));
    world.on('action', ({conversation}) => conversation === this.conversation && this.#renderHead());
    world.on('messages', ({conversation, added}) => conversation === this.conversation && this.#changed(added));
    world.on('keyboard', ({conversation}) => conversation === this.conversation && this.composer.renderKeyboard());
    world.on('commands', ({bot}) => this.conversation && this.composer.loadCommands(bot));
  }

  open() {
    const conversation = this.world.open();
    const same = conversation && conversation.key === this.conversation?.key;
    if (same) {
      this.conversation = conversation;
      this.context = this.#makeContext();
      this.composer.attach(conversation);
      this.nodes.clear();
      this.#renderHead();
      this.#renderMessages(this.#isAtEnd());
      return;
    }
    this.composer?.leave();
    this.conversation = conversation;
    document.body.dataset.view = conversation ? 'chat' : 'list';
    this.nodes.clear();
    this.shown = PAGE;
    if (!conversation) return this.#renderEmpty();
    this.context = this.#makeContext();
    this.head = el('header', {class: 'chat-head'});
    this.list = el('ol', {class: 'messages', role: 'log', 'aria-live': 'polite', 'aria-label': 'Messages'});
    this.scroller = el('div', {class: 'scroller', tabindex: '-1'}, this.list);
    this.scroller.addEventListener('scroll', () => this.#scrolled(), {passive: true});
    this.endButton = el('button', {type: 'button', class: 'to-end', 'aria-label': 'Go to the newest message', hidden: true,
                                   onclick: () => this.#toEnd(true)}, icon('down'));
    this.pinned = el('div', {class: 'pinned', hidden: true});
    this.composer = new Composer(this.world, conversation, this);
    this.root.replaceChildren(this.head, this.pinned, el('div', {class: 'stage'}, this.scroller, this.endButton), this.composer.root);
    this.#acceptDrops();
    this.#renderHead();
    this.#renderMessages(true);
    this.world.markRead();
    if (window.matchMedia('(hover: hover)').matches) this.composer.focus();
  }

  #makeContext() {
    const {conversation, world} = this;
    return {
      inGroup: !conversation.isPrivate,
      isMine: (entry) => world.isMine(entry),
      isWaiting: (id, data) => world.isWaiting(conversation, id, data),
      reactionsOf: (id) => conversation.reactions.get(id),
      command: (text) => this.composer.sendText(text).catch(fail),
      copy: (text) => copyText(text),
      jump: (id) => this.#jump(id),
      press: (message, button) => this.#press(message, button),
      menu: (at, entry) => this.#messageMenu(at, entry),
      unsupported: (button) => toast(`The sandbox has no ${button.web_app ? 'Mini Apps' : 'such button'}: “${button.text}”`),
    };
  }

  // ----- nothing chosen

  #renderEmpty() {
    const hasBots = this.world.bots.size > 0;
    this.root.replaceChildren(hasBots ? this.#chooseHint() : this.#connectHint());
  }

  #chooseHint() {
    return el('div', {class: 'hint'}, el('div', {class: 'hint-mark', 'aria-hidden': 'true'}, icon('send')),
              el('h1', {}, 'Choose a chat'), el('p', {}, 'Write to a bot as its users would.'));
  }

  #connectHint() {
    const address = location.origin;
    const line = (text) => el('div', {class: 'hint-code'}, el('code', {}, text),
                              iconButton('copy', 'Copy', () => copyText(text)));
    return el('div', {class: 'hint'}, el('div', {class: 'hint-mark pulse', 'aria-hidden': 'true'}, icon('send')),
              el('h1', {}, 'No bot has connected yet'),
              el('p', {}, 'Give your bot this address in place of ', el('code', {}, 'https://api.telegram.org'), ':'),
              line(address),
              el('p', {}, 'Any token of the usual form will do, for example:'),
              line('42:sandbox'),
              el('p', {class: 'muted'}, 'As soon as the bot makes its first call, it appears in the list on the left.'));
  }

  // ----- the bar above

  #renderHead() {
    const {conversation, world} = this;
    const title = world.titleOf(conversation);
    const id = conversation.isPrivate ? conversation.bot : conversation.chat;
    const more = iconButton('more', 'Chat menu', () => this.#chatMenu(more), {'aria-haspopup': 'menu', 'aria-expanded': 'false'});
    const focused = this.head.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    this.head.replaceChildren(
        iconButton('back', 'Back to the chats', () => world.choose(''), {class: 'icon-button back'}),
        el('button', {type: 'button', class: 'head-button', 'aria-label': `${title}, details`, onclick: () => this.#details()},
           avatar(id, title, 'medium'),
           el('span', {class: 'head-text'}, el('b', {}, title), el('span', {class: 'head-status'}, this.#status()))),
        more);
    if (focused) this.head.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
    this.composer?.renderState();
  }

  #status() {
    const {conversation, world} = this;
    const action = world.actionOf(conversation);
    if (action) {
      const who = conversation.isPrivate ? '' : `${fullName(world.who(action.bot) ?? {id: action.bot})} is `;
      return [who, actionText(action.action)];
    }
    if (!conversation.isPrivate) return plural(conversation.entry?.members?.filter((one) => one.status !== 'left' && one.status !== 'kicked').length ?? 0, 'member');
    const bot = world.bots.get(conversation.bot);
    if (conversation.blocked) return 'blocked';
    if (bot?.polling) return 'bot, listening';
    return bot?.webhook ? 'bot, webhook' : 'bot, not listening';
  }

  #chatMenu(at) {
    const {conversation, world} = this;
    const blocked = conversation.blocked;
    menu(at, [
      {label: 'Details', icon: 'info', act: () => this.#details()},
      conversation.isPrivate ? undefined : {label: 'Add members…', icon: 'plus', act: () => this.#addMembers()},
      {label: 'Copy transcript', icon: 'copy', act: () => this.#copyTranscript()},
      null,
      conversation.isPrivate
          ? {label: blocked ? 'Unblock the bot' : 'Block the bot', icon: 'block', danger: !blocked,
             act: () => this.block(!blocked)}
          : {label: 'Leave the group', icon: 'leave', danger: true,
             act: () => control.changeChat({chat: conversation.chat, remove: [world.me], by: world.me}).then(() => world.load()).catch(fail)},
    ], 'Chat menu');
  }

  async block(blocked) {
    try {
      await control.block({user: this.world.me, bot: this.conversation.bot, blocked});
      this.conversation.entry = {...(this.conversation.entry ?? {chat: this.conversation.chat, bot: this.conversation.bot, type: 'private'}), blocked};
      this.#renderHead();
      toast(blocked ? 'The bot is blocked' : 'The bot is no longer blocked');
    } catch (error) {
      fail(error);
    }
  }

  #copyTranscript() {
    const {conversation} = this;
    const parameters = new URLSearchParams({...conversation.place(), format: 'text'});
    for (const [name, value] of [...parameters]) if (value === 'undefined') parameters.delete(name);
    fetch(`/control/transcript?${parameters}`).then((answer) => answer.text()).then((text) => copyText(text, 'Transcript copied')).catch(fail);
  }

  #details() {
    const {conversation, world} = this;
    const title = world.titleOf(conversation);
    const row = (name, value) => (value === undefined || value === '' ? null : [el('dt', {}, name), el('dd', {}, String(value))]);
    if (conversation.isPrivate) {
      const bot = world.bots.get(conversation.bot) ?? {id: conversation.bot};
      panel(title, el('div', {class: 'panel-face'}, avatar(bot.id, title, 'large')),
            el('dl', {class: 'facts'}, row('User name', bot.username && `@${bot.username}`), row('Bot id', bot.id),
               row('Chat id', conversation.chat), row('Receives by', bot.webhook ? 'webhook' : bot.polling ? 'long polling' : 'nothing yet'),
               row('Updates not taken yet', bot.pending ?? 0), row('Commands', bot.commands?.length ?? 0)));
      return;
    }
    const members = conversation.entry?.members ?? [];
    panel(title, el('div', {class: 'panel-face'}, avatar(conversation.chat, title, 'large')),
          el('dl', {class: 'facts'}, row('Kind', conversation.entry?.type), row('Chat id', conversation.chat)),
          el('h3', {}, plural(members.length, 'member')),
          el('ul', {class: 'member-list'}, members.map((member) => {
            const name = fullName(world.who(member.id) ?? {id: member.id});
            return el('li', {}, avatar(member.id, name, 'small'), el('span', {}, name), member.is_bot ? el('span', {class: 'tag'}, 'bot') : null,
                      el('span', {class: 'muted'}, member.status));
          })));
  }

  #addMembers() {
    const {conversation, world} = this;
    const inside = new Set((conversation.entry?.members ?? []).map((member) => member.id));
    const others = [...world.users.values(), ...world.bots.values()].filter((one) => !inside.has(one.id));
    if (!others.length) return toast('Everybody is here already');
    form('Add members', [el('fieldset', {class: 'check-list'}, el('legend', {}, 'Who'), others.map((one) => el('label', {class: 'check-row'},
      el('input', {type: 'checkbox', name: 'add', value: String(one.id)}), avatar(one.id, fullName(one), 'small'), el('span', {}, fullName(one)))))],
         'Add', async (values) => {
           await control.changeChat({chat: conversation.chat, add: values.getAll('add').map(Number), by: world.me});
         });
  }

  // ----- messages

  #rows() {
    const entries = this.conversation.list();
    const hidden = Math.max(0, entries.length - this.shown);
    const rows = hidden ? [{key: 'earlier', kind: 'earlier', count: hidden}] : [];
    const groups = [];
    for (const entry of entries.slice(hidden)) {
      const album = entry.message.media_group_id;
      const last = groups.at(-1);
      if (album && last?.album === album) last.entries.push(entry);
      else groups.push({album, entries: [entry]});
    }
    groups.forEach((group, index) => {
      const {message} = group.entries[0];
      const before = groups[index - 1];
      const after = groups[index + 1];
      if (!before || dayKey(before.entries[0].message.date) !== dayKey(message.date)) {
        rows.push({key: `day${dayKey(message.date)}`, kind: 'day', date: message.date});
      }
      const place = {first: !this.#together(before, group), last: !this.#together(group, after)};
      rows.push({key: `m${message.message_id}`, kind: 'message', entries: group.entries, place});
    });
    if (this.conversation.draft) rows.push({key: 'draft', kind: 'draft', draft: this.conversation.draft});
    return rows;
  }

  #together(before, after) {
    if (!before || !after) return false;
    const [a, b] = [before.entries.at(-1).message, after.entries[0].message];
    const isService = (message) => Boolean(message.new_chat_members || message.left_chat_member || message.new_chat_title || message.pinned_message || message.group_chat_created);
    return a.from?.id === b.from?.id && b.date - a.date < RUN_SECONDS && dayKey(a.date) === dayKey(b.date) && !isService(a) && !isService(b);
  }

  #signature(row) {
    if (row.kind === 'day') return dayName(row.date);
    if (row.kind === 'earlier') return String(row.count);
    if (row.kind === 'draft') return JSON.stringify(row.draft);
    const {conversation} = this;
    const extras = row.entries.map(({message}) => [
      conversation.reactions.get(message.message_id),
      (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => this.context.isWaiting(message.message_id, button.callback_data)),
    ]);
    return JSON.stringify([row.entries.map((entry) => entry.message), row.place, extras]);
  }

  #make(row) {
    if (row.kind === 'day') return el('li', {class: 'day'}, el('span', {}, dayName(row.date)));
    if (row.kind === 'draft') return draftNode(row.draft, this.context);
    if (row.kind === 'earlier') {
      return el('li', {class: 'earlier'}, el('button', {type: 'button', class: 'button', onclick: () => this.#showEarlier()},
                                             `Show ${Math.min(PAGE, row.count)} earlier messages`));
    }
    const node = messageNode(row.entries, row.place, this.context);
    node.addEventListener('contextmenu', (event) => {
      if (event.target.closest('a, img, input') || !window.getSelection().isCollapsed) return;
      event.preventDefault();
      this.#messageMenu({x: event.clientX, y: event.clientY}, row.entries[0]);
    });
    node.addEventListener('dblclick', (event) => {
      if (event.target.closest('button, a')) return;
      window.getSelection().removeAllRanges();
      this.composer.replyTo(row.entries[0].message);
    });
    return node;
  }

  #renderMessages(toEnd) {
    const rows = this.#rows();
    const kept = new Map();
    let at = this.list.firstChild;
    for (const row of rows) {
      const signature = this.#signature(row);
      const old = this.nodes.get(row.key);
      let node = old?.node;
      if (!old || old.signature !== signature) {
        node = this.#make(row);
        if (old?.node.isConnected) {
          if (at === old.node) at = node;
          this.#replace(old.node, node);
        }
      }
      kept.set(row.key, {node, signature});
      if (node === at) at = at.nextSibling;
      else this.list.insertBefore(node, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    this.nodes = kept;
    this.#offerLastMessage();
    this.#renderPinned();
    this.root.querySelector('.greeting')?.remove();
    if (!rows.length) this.scroller.append(this.#greeting());
    if (toEnd) this.#toEnd(false);
    this.#scrolled();
    this.composer.renderState();
  }

  // Tab reaches the newest message; arrows go on from there.
  #offerLastMessage() {
    const items = [...this.list.querySelectorAll('.message:not(.draft)')];
    items.forEach((item, index) => item.setAttribute('tabindex', index === items.length - 1 ? '0' : '-1'));
  }

  // Keeps the keyboard's place when a message is drawn anew.
  #replace(old, node) {
    const reachable = 'button, a[href], [tabindex]';
    const index = old.contains(document.activeElement) ? [...old.querySelectorAll(reachable)].indexOf(document.activeElement) : -2;
    old.replaceWith(node);
    if (index === -1) node.focus({preventScroll: true});
    if (index >= 0) (node.querySelectorAll(reachable)[index] ?? node).focus({preventScroll: true});
  }

  #greeting() {
    const {conversation, world} = this;
    const title = world.titleOf(conversation);
    return el('div', {class: 'greeting'}, avatar(conversation.isPrivate ? conversation.bot : conversation.chat, title, 'large'),
              el('b', {}, title), el('p', {}, conversation.isPrivate ? 'No messages yet. Press Start to wake the bot.' : 'No messages yet.'));
  }

  #changed(added) {
    const follow = this.#isAtEnd() || (added && added.from?.id === this.world.me);
    this.#renderMessages(follow);
    if (added && !follow) {
      this.fresh = (this.fresh ?? 0) + 1;
      this.#scrolled();
    }
  }

  #showEarlier() {
    const before = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.shown += PAGE;
    this.#renderMessages(false);
    this.scroller.scrollTop = this.scroller.scrollHeight - before;
  }

  #renderPinned() {
    const id = this.conversation.entry?.pinned_message_id;
    const entry = id ? this.conversation.messages.get(id) : null;
    this.pinned.hidden = !entry || entry.deleted;
    if (this.pinned.hidden) return;
    this.pinned.replaceChildren(el('button', {type: 'button', onclick: () => this.#jump(id)}, icon('pin'),
                                   el('span', {}, el('b', {}, 'Pinned message'), el('span', {}, summary(entry.message)))));
  }

  #isAtEnd() { return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 80; }

  #toEnd(smooth) {
    this.scroller.scrollTo({top: this.scroller.scrollHeight, behavior: smooth ? 'smooth' : 'instant'});
    if (!smooth) {
      for (const image of this.list.querySelectorAll('img')) {
        if (!image.complete) image.addEventListener('load', () => this.scroller.scrollTo({top: this.scroller.scrollHeight}), {once: true});
      }
    }
  }

  keepEnd(change) {
    const end = this.#isAtEnd();
    change();
    if (end) this.#toEnd(false);
  }

  #scrolled() {
    const end = this.#isAtEnd();
    if (end) this.fresh = 0;
    this.endButton.hidden = end;
    this.endButton.dataset.count = this.fresh ? String(this.fresh) : '';
  }

  #jump(id) {
    const find = () => [...this.list.children].find((node) => node.dataset.id?.split(' ').includes(String(id)));
    if (!find()) {
      this.shown = this.conversation.messages.size;
      this.#renderMessages(false);
    }
    const node = find();
    if (!node) return toast('That message is gone');
    node.scrollIntoView({block: 'center', behavior: 'smooth'});
    node.classList.remove('flash');
    requestAnimationFrame(() => node.classList.add('flash'));
  }

  // ----- acting on messages

  async #press(message, button) {
    const {conversation, world} = this;
    try {
      const answer = await control.press({...conversation.place(), user: world.me, message_id: message.message_id, data: button.callback_data});
      if (answer.callback_query_id) world.pressed(conversation, answer.callback_query_id, message.message_id, button.callback_data);
    } catch (error) {
      fail(error);
    }
  }

  #messageMenu(at, entry) {
    const {message} = entry;
    const {text} = captionOf(message);
    const own = this.world.isMine(entry);
    menu(at, [
      {label: 'Reply', icon: 'reply', act: () => this.composer.replyTo(message)},
      text ? {label: 'Copy text', icon: 'copy', act: () => copyText(text)} : undefined,
      own && message.text ? {label: 'Edit', icon: 'edit', act: () => this.composer.edit(message)} : undefined,
      {label: 'Copy as JSON', icon: 'code', act: () => copyText(JSON.stringify(message, null, 2), 'Message copied as JSON')},
      null,
      {label: 'Delete', icon: 'trash', danger: true, act: () => this.#delete(message)},
    ], 'Message menu');
  }

  async #delete(message) {
    if (!await ask('Delete message?', 'It vanishes for everybody. As in Telegram, the bot is not told.', 'Delete')) return;
    control.remove({...this.conversation.place(), message_id: message.message_id}).catch(fail);
  }

  #key(event) {
    const item = event.target.closest?.('.message');
    if (!item || event.target !== item) return;
    const items = [...this.list.querySelectorAll('.message')];
    const at = items.indexOf(item);
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      const next = items[at + (event.key === 'ArrowUp' ? -1 : 1)];
      if (next) next.focus();
      else if (event.key === 'ArrowDown') this.composer.focus();
    } else if (event.key === 'Enter' || event.key === ' ' || event.key === 'ContextMenu') {
      event.preventDefault();
      const entry = this.conversation.messages.get(Number(item.dataset.id.split(' ')[0]));
      if (entry) this.#messageMenu(item.querySelector('.bubble') ?? item, entry);
    } else if (event.key === 'Escape') {
      this.composer.focus();
    }
  }

  #acceptDrops() {
    const stage = this.root;
    if (stage.dataset.drops) return;
    stage.dataset.drops = 'yes';
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
    stage.addEventListener('dragover', (event) => {
      if (!hasFiles(event) || !this.conversation) return;
      event.preventDefault();
      stage.classList.add('dropping');
    });
    stage.addEventListener('dragleave', (event) => {
      if (!stage.contains(event.relatedTarget)) stage.classList.remove('dropping');
    });
    stage.addEventListener('drop', (event) => {
      stage.classList.remove('dropping');
      if (!hasFiles(event) || !this.conversation) return;
      event.preventDefault();
      this.composer.attachFiles(event.dataTransfer.files);
    });
  }
}
