// The place where one writes: text, files, commands, the bot's keyboard.

import {Attachments} from './attachments.js';
import * as control from './control.js';
import {el, icon, iconButton} from './dom.js';
import {captionOf} from './media.js';
import {summary} from './message.js';
import {toast} from './overlays.js';

export class Composer {
  constructor(world, conversation, view) {
    this.world = world;
    this.view = view;
    this.conversation = conversation;
    this.mode = null;  // {kind: 'reply' | 'edit', message}
    this.commands = [];
    this.attachments = new Attachments(() => this.renderState());
    this.#build();
    this.input.value = world.drafts.get(conversation.key) ?? '';
    this.loadCommands();
    this.renderKeyboard();
    this.#grow();
  }

  #build() {
    this.input = el('textarea', {id: 'composer', rows: 1, placeholder: 'Message', 'aria-label': 'Message', maxlength: 16384, enterkeyhint: 'send',
                                 'aria-autocomplete': 'list', 'aria-controls': 'completions'});
    this.input.addEventListener('input', () => this.#edited());
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('paste', (event) => this.#paste(event));
    this.picker = el('input', {type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: '-1'});
    this.picker.addEventListener('change', () => {
      this.attachFiles(this.picker.files);
      this.picker.value = '';
    });
    this.menuButton = el('button', {type: 'button', class: 'menu-button', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', hidden: true,
                                    onclick: () => this.#toggleCommands()}, icon('menu'), el('span', {}, 'Menu'));
    this.clipButton = iconButton('clip', 'Attach a file', () => this.picker.click());
    this.keyboardButton = iconButton('keyboard', 'Hide the bot keyboard', () => this.#toggleKeyboard(), {'aria-pressed': 'true'});
    this.sendButton = iconButton('send', 'Send', () => this.#submit(), {class: 'icon-button send'});
    this.completions = el('ul', {id: 'completions', class: 'completions', role: 'listbox', 'aria-label': 'Commands', hidden: true});
    this.modeBar = el('div', {class: 'mode-bar', hidden: true});
    this.keyboardBox = el('div', {class: 'reply-keyboard', role: 'group', 'aria-label': 'Bot keyboard', hidden: true});
    this.startButton = el('button', {type: 'button', class: 'start-button', hidden: true});
    this.row = el('div', {class: 'composer-row'}, this.menuButton, this.clipButton, this.input, this.keyboardButton, this.sendButton);
    this.root = el('footer', {class: 'composer'}, this.completions, this.modeBar, this.attachments.root, this.row, this.startButton,
                   this.keyboardBox, this.picker);
  }

  focus() {
    if (!this.row.hidden) this.input.focus({preventScroll: true});
    else this.startButton.focus({preventScroll: true});
  }

  leave() { this.#keepDraft(); }
  attach(conversation) {
    this.conversation = conversation;
    this.loadCommands();
    this.renderKeyboard();
  }

  attachFiles(files) {
    this.attachments.add(files);
    this.focus();
  }

  #keepDraft() {
    if (this.mode?.kind === 'edit') return;
    this.world.drafts.set(this.conversation.key, this.input.value);
  }

  // Start and Unblock take the place of the row.
  renderState() {
    const {conversation} = this;
    const empty = conversation.isPrivate && conversation.list().length === 0 && !conversation.entry?.last_message_id;
    const instead = conversation.blocked ? 'Unblock and continue' : empty ? 'Start' : null;
    const hadFocus = this.root.contains(document.activeElement);
    const changed = this.row.hidden !== Boolean(instead);
    this.row.hidden = Boolean(instead);
    this.startButton.hidden = !instead;
    this.startButton.textContent = instead ?? '';
    this.startButton.onclick = conversation.blocked ? () => this.view.block(false) : () => this.#start();
    this.menuButton.hidden = !this.commands.length;
    this.sendButton.classList.toggle('ready', Boolean(this.input.value.trim()) || this.attachments.count > 0);
    this.keyboardBox.classList.toggle('off', Boolean(instead));
    if (changed && !instead) this.#grow();
    if (changed && hadFocus) this.focus();
  }

  #start() {
    this.sendText('/start').then(() => this.focus()).catch((error) => toast(error.message, 'error'));
  }

  // ----- commands

  async loadCommands(bot) {
    const {conversation} = this;
    if (bot !== undefined && conversation.isPrivate && bot !== conversation.bot) return;
    const bots = conversation.isPrivate ? [conversation.bot]
                                        : (conversation.entry?.members ?? []).filter((one) => one.is_bot).map((one) => one.id);
    const lists = await Promise.all(bots.map((id) =>
        control.commands({bot: id, user: this.world.me, chat: conversation.isPrivate ? undefined : conversation.chat})
            .then((answer) => ({...answer, bot: id})).catch(() => ({commands: [], bot: id}))));
    if (conversation !== this.conversation) return;
    this.commands = lists.flatMap(({commands, bot: id}) => commands.map((command) => ({...command, bot: id})));
    this.renderState();
    this.#complete();
  }

  #commandText(command) {
    if (this.conversation.isPrivate) return `/${command.command}`;
    return `/${command.command}@${this.world.bots.get(command.bot)?.username ?? ''}`;
  }

  #toggleCommands() {
    if (!this.completions.hidden) return this.#hideCompletions();
    this.#showCompletions(this.commands);
    this.focus();
  }

  #complete() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.input.value);
    if (!typed || !this.commands.length || this.mode?.kind === 'edit') return this.#hideCompletions();
    const wanted = typed[1].toLowerCase();
    const matching = this.commands.filter((command) => command.command.startsWith(wanted));
    if (!matching.length || (matching.length === 1 && matching[0].command === wanted)) return this.#hideCompletions();
    this.#showCompletions(matching);
  }

  #showCompletions(commands) {
    this.offered = commands;
    this.chosen = 0;
    const bots = new Set(commands.map((command) => command.bot)).size > 1;
    this.completions.replaceChildren(...commands.map((command, index) => el('li', {
      role: 'option', id: `completion-${index}`, 'aria-selected': 'false',
      onmousedown: (event) => event.preventDefault(), onclick: () => this.#sendCommand(command),
    }, el('b', {}, `/${command.command}`), el('span', {}, command.description),
    bots ? el('span', {class: 'muted'}, this.world.bots.get(command.bot)?.first_name ?? '') : null)));
    this.completions.hidden = false;
    this.menuButton.setAttribute('aria-expanded', 'true');
    this.#mark(0);
  }

  #hideCompletions() {
    this.completions.hidden = true;
    this.menuButton.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  #mark(index) {
    const items = [...this.completions.children];
    this.chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute('aria-selected', String(at === this.chosen)));
    items[this.chosen].scrollIntoView({block: 'nearest'});
    this.input.setAttribute('aria-activedescendant', `completion-${this.chosen}`);
  }

  #sendCommand(command) {
    this.#hideCompletions();
    if (this.input.value.startsWith('/')) this.#setText('');
    this.sendText(this.#commandText(command)).catch((error) => toast(error.message, 'error'));
    this.focus();
  }

  // True: the key was for the list of commands.
  #completionKey(event) {
    if (this.completions.hidden) return false;
    const keys = {
      ArrowDown: () => this.#mark(this.chosen + 1),
      ArrowUp: () => this.#mark(this.chosen - 1),
      Enter: () => this.#sendCommand(this.offered[this.chosen]),
      Tab: () => {
        this.#setText(`${this.#commandText(this.offered[this.chosen])} `);
        this.#hideCompletions();
      },
      Escape: () => this.#hideCompletions(),
    };
    if (!keys[event.key] || event.shiftKey) return false;
    event.preventDefault();
    keys[event.key]();
    return true;
  }

  // ----- typing

  #key(event) {
    if (event.isComposing || this.#completionKey(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'ArrowUp' && !this.input.value && !event.shiftKey && !this.mode) {
      const own = this.conversation.list().filter((entry) => this.world.isMine(entry) && entry.message.text).at(-1);
      if (!own) return;
      event.preventDefault();
      this.edit(own.message);
    } else if (event.key === 'Escape') {
      if (this.mode) this.#endMode();
      else if (this.attachments.count) this.attachments.clear();
      else this.input.blur();
    }
  }

  #edited() {
    this.#grow();
    this.#complete();
    this.renderState();
    this.#keepDraft();
  }

  #setText(text) {
    this.input.value = text;
    this.#edited();
  }

  #grow() {
    requestAnimationFrame(() => this.view.keepEnd(() => {
      if (!this.input.scrollHeight) return;  // not shown
      this.input.style.setProperty('height', 'auto');
      this.input.style.setProperty('height', `${Math.min(this.input.scrollHeight, window.innerHeight * 0.4)}px`);
    }));
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attachFiles(files);
  }

  // ----- replying and editing

  replyTo(message) {
    this.#setMode({kind: 'reply', message});
    this.focus();
  }

  edit(message) {
    this.#keepDraft();
    this.#setMode({kind: 'edit', message});
    this.#setText(message.text);
    this.focus();
    this.input.setSelectionRange(message.text.length, message.text.length);
  }

  #setMode(mode) {
    this.mode = mode;
    const {message, kind} = mode;
    this.view.keepEnd(() => {
      this.modeBar.replaceChildren(icon(kind), el('div', {class: 'mode-text'},
        el('b', {}, kind === 'edit' ? 'Edit message' : `Reply to ${this.world.senderName(message)}`), el('span', {}, summary(message))),
        iconButton('close', kind === 'edit' ? 'Stop editing' : 'Do not reply', () => this.#endMode()));
      this.modeBar.hidden = false;
    });
  }

  #endMode() {
    const wasEdit = this.mode?.kind === 'edit';
    this.mode = null;
    this.modeBar.hidden = true;
    if (wasEdit) this.#setText(this.world.drafts.get(this.conversation.key) ?? '');
    this.#placeholder();
    this.focus();
  }

  // ----- sending

  async #submit() {
    const text = this.input.value.trim();
    const {mode} = this;
    if (!text && !this.attachments.count) return this.focus();
    try {
      if (mode?.kind === 'edit') {
        if (text !== captionOf(mode.message).text) {
          await control.edit({...this.conversation.place(), user: this.world.me, message_id: mode.message.message_id, text});
        }
        this.#endMode();
      } else {
        const files = this.attachments.take();
        this.#setText('');
        if (mode) this.#endMode();
        await this.#sendOut(text, files, mode?.message.message_id);
      }
    } catch (error) {
      toast(error.message, 'error');
      if (mode?.kind !== 'edit') this.#setText(text);
    }
    this.focus();
  }

  #address(extra = {}) {
    return {...this.conversation.place(), user: this.world.me, ...extra};
  }

  async #sendOut(text, files, replyTo) {
    const reply = replyTo ? {reply_to: replyTo} : {};
    if (!files.length) return control.send(this.#address({text, ...reply}));
    const album = files.length > 1 ? {media_group_id: `${Date.now()}${Math.trunc(Math.random() * 1e6)}`} : {};
    for (const [index, file] of files.entries()) {
      const caption = index === 0 && text ? {caption: text} : {};
      await control.send(this.#address({...caption, ...album, ...reply}), file);
    }
  }

  async sendText(text) {
    await this.#sendOut(text, [], this.mode?.kind === 'reply' ? this.mode.message.message_id : undefined);
    if (this.mode?.kind === 'reply') this.#endMode();
  }

  // ----- the bot's keyboard

  #isForMe(keyboard) {
    return !keyboard?.for || keyboard.for.includes(this.world.me);
  }

  renderKeyboard() {
    const {conversation} = this;
    const keyboard = this.#isForMe(conversation.keyboard) ? conversation.keyboard : null;
    const rows = keyboard?.keyboard;
    const used = keyboard?.one_time_keyboard && conversation.keyboardUsed === keyboard.message_id;
    this.view.keepEnd(() => {
      this.keyboardBox.hidden = !rows || used || conversation.keyboardHidden === keyboard.message_id;
      this.keyboardBox.classList.toggle('compact', Boolean(keyboard?.resize_keyboard));
      this.keyboardBox.replaceChildren(...(rows ?? []).map((row) => el('div', {class: 'reply-row'}, row.map((button) => this.#replyButton(button, keyboard)))));
    });
    this.keyboardButton.hidden = !rows;
    this.#renderKeyboardButton();
    this.#placeholder(keyboard);
    if (keyboard?.force_reply && this.forced !== keyboard.message_id) {
      this.forced = keyboard.message_id;
      const message = conversation.messages.get(keyboard.message_id)?.message;
      if (message) this.replyTo(message);
      this.#placeholder(keyboard);
    }
  }

  #placeholder(keyboard = this.conversation.keyboard) {
    this.input.placeholder = (this.#isForMe(keyboard) && keyboard?.input_field_placeholder) || 'Message';
  }

  #renderKeyboardButton() {
    const hidden = this.keyboardBox.hidden;
    const label = hidden ? 'Show the bot keyboard' : 'Hide the bot keyboard';
    this.keyboardButton.setAttribute('aria-label', label);
    this.keyboardButton.title = label;
    this.keyboardButton.setAttribute('aria-pressed', String(!hidden));
  }

  #toggleKeyboard() {
    const {conversation} = this;
    const id = conversation.keyboard?.message_id;
    if (this.keyboardBox.hidden) {
      conversation.keyboardHidden = 0;
      conversation.keyboardUsed = 0;
    } else {
      conversation.keyboardHidden = id;
    }
    this.renderKeyboard();
  }

  #replyButton(button, keyboard) {
    const label = typeof button === 'string' ? button : button.text;
    const act = async () => {
      try {
        await this.#pressReply(button, label);
        if (keyboard.one_time_keyboard) {
          this.conversation.keyboardUsed = keyboard.message_id;
          this.renderKeyboard();
        }
      } catch (error) {
        toast(error.message, 'error');
      }
    };
    return el('button', {type: 'button', class: 'reply-button', onclick: act}, label);
  }

  #pressReply(button, label) {
    const {world} = this;
    const user = world.user();
    if (button.request_contact) {
      const contact = {phone_number: '+10000000000', first_name: user.first_name, last_name: user.last_name || undefined, user_id: user.id};
      return control.send(this.#address({contact}));
    }
    if (button.request_location) return control.send(this.#address({location: {latitude: 52.52, longitude: 13.405}}));
    return this.sendText(label);
  }
}
