// What the page knows of the sandbox: people, bots, and the conversations of the person who sits here.
// Changes are told to listeners; nothing here touches the document.

import * as control from './control.js';
import {fullName} from './format.js';

const remembered = {
  get(key, fallback) {
    try {
      return JSON.parse(localStorage.getItem(`sandbox.${key}`)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`sandbox.${key}`, JSON.stringify(value));
    } catch { /* private mode: choices last as long as the page */ }
  },
};

const TYPING_MS = 5500;
const DRAFT_MS = 30000;
const PRESS_MS = 30000;

export const keyOf = (chat, bot) => (chat < 0 ? `g${chat}` : `p${chat}:${bot}`);

class Conversation {
  constructor(place) {
    this.chat = place.chat;
    this.bot = place.chat < 0 ? undefined : place.bot;
    this.key = keyOf(place.chat, place.bot);
    this.entry = null;         // as in the control API's state; null: nothing written yet
    this.messages = new Map();  // message_id -> {message, outgoing, deleted}
    this.actions = new Map();   // bot id -> {action, until}
    this.presses = new Map();   // callback_query_id -> {message_id, data, until}
    this.reactions = new Map(); // message_id -> list
    this.draft = null;          // a bot's message in the making
    this.keyboard = null;
    this.keyboardUsed = 0;      // the message whose one-time keyboard was used
    this.loaded = false;
  }

  get isPrivate() { return this.chat > 0; }
  get blocked() { return this.entry?.blocked ?? false; }
  place() { return this.isPrivate ? {chat: this.chat, bot: this.bot} : {chat: this.chat}; }

  list() {
    return [...this.messages.values()].filter((entry) => !entry.deleted)
        .sort((a, b) => a.message.message_id - b.message.message_id);
  }

  last() {
    let newest = null;
    for (const entry of this.messages.values()) {
      if (!entry.deleted && (!newest || entry.message.message_id > newest.message.message_id)) newest = entry;
    }
    return newest;
  }
}

export class World extends EventTarget {
  constructor() {
    super();
    this.bots = new Map();
    this.users = new Map();
    this.conversations = new Map();
    this.seq = 0;
    this.loads = 0;  // how often everything was asked for: only the last one's answer counts
    this.me = remembered.get('user', 0);
    this.openKey = remembered.get('open', '');
    this.drafts = new Map();  // conversation key -> unsent text
  }

  tell(kind, detail = {}) { this.dispatchEvent(new CustomEvent(kind, {detail})); }
  on(kind, listener) { this.addEventListener(kind, (event) => listener(event.detail)); }

  user() { return this.users.get(this.me); }
  open() { return this.conversations.get(this.openKey) ?? null; }

  // The other person's chats go at once: nobody opens one of them while the new ones are being read.
  choosePerson(id) {
    if (id === this.me) return;
    this.me = id;
    remembered.set('user', id);
    this.openKey = '';
    remembered.set('open', '');
    this.conversations = new Map();
    this.tell('reset');
    return this.load();
  }

  choose(key) {
    this.openKey = key;
    remembered.set('open', key);
    this.tell('open');
    this.markRead();
  }

  // Everything from the beginning: at the start, for another person, after the sandbox was away.
  async load() {
    const turn = ++this.loads;
    const state = await control.state();
    if (turn !== this.loads) return;
    this.seq = state.seq;
    this.bots = new Map(state.bots.map((bot) => [bot.id, bot]));
    this.users = new Map(state.users.map((user) => [user.id, user]));
    if (!this.users.has(this.me)) this.me = state.users[0]?.id ?? 0;
    const entries = new Map(state.chats.map((chat) => [keyOf(chat.chat, chat.bot), chat]));
    const before = this.conversations;
    this.conversations = new Map();
    const places = [...(this.user()?.chats ?? [])];
    for (const bot of this.bots.keys()) places.push({chat: this.me, bot});
    await Promise.all(places.map((place) => this.#adopt(place, entries)));
    for (const [key, conversation] of this.conversations) {
      const old = before.get(key);
      if (old) conversation.presses = old.presses;
    }
    this.tell('reset');  // openKey stays: a bot that comes back finds its chat open
  }

  async #adopt(place, entries) {
    const key = keyOf(place.chat, place.bot);
    if (this.conversations.has(key)) return this.conversations.get(key);
    const conversation = new Conversation(place);
    conversation.entry = entries.get(key) ?? null;
    conversation.keyboard = conversation.entry?.keyboard ?? null;
    this.conversations.set(key, conversation);
    if (conversation.entry) await this.#read(conversation);
    return conversation;
  }

  async #read(conversation) {
    const transcript = await control.transcript(conversation.place()).catch((error) => {
      if (error.status === 0) throw error;
      return {messages: []};
    });
    for (const entry of transcript.messages) conversation.messages.set(entry.message.message_id, entry);
    conversation.loaded = true;
    if (!this.#readMarks()[conversation.key]) this.#setRead(conversation);
  }

  // Whether bots still listen is no event of its own. Between two polls a bot does not wait for a moment: only two looks
  // in a row without a poll count.
  async lookAfterBots() {
    const {bots} = await control.state();
    for (const bot of bots) {
      const old = this.bots.get(bot.id);
      const missed = bot.polling ? 0 : (old?.missed ?? 1) + 1;
      const listens = missed < 2;
      const isNews = !old || old.polling !== listens || old.webhook !== bot.webhook;
      this.bots.set(bot.id, {...bot, missed, polling: listens});
      if (isNews) this.tell('people', {kind: 'bot', bot: bot.id});
    }
  }

  // ----- names

  who(id) { return this.users.get(id) ?? this.bots.get(id); }

  titleOf(conversation) {
    if (!conversation.isPrivate) return conversation.entry?.title || `Group ${conversation.chat}`;
    const bot = this.bots.get(conversation.bot);
    return bot ? bot.first_name || bot.username : `Bot ${conversation.bot}`;
  }

  senderName(message) {
    const sender = message.sender_chat?.title ? message.sender_chat : message.from;
    return sender?.title ?? (sender ? fullName(sender) : '');
  }

  isMine(entry) { return entry.message.from?.id === this.me && !entry.message.sender_chat; }

  // ----- read marks, kept per person and conversation

  #readMarks() { return remembered.get(`read.${this.me}`, {}); }

  #setRead(conversation) {
    const marks = this.#readMarks();
    marks[conversation.key] = conversation.last()?.message.message_id ?? 0;
    remembered.set(`read.${this.me}`, marks);
  }

  unread(conversation) {
    const mark = this.#readMarks()[conversation.key] ?? 0;
    let count = 0;
    for (const entry of conversation.messages.values()) {
      if (!entry.deleted && entry.message.message_id > mark && !this.isMine(entry)) ++count;
    }
    return count;
  }

  markRead() {
    const conversation = this.open();
    if (!conversation || document.hidden) return;
    const had = this.unread(conversation);
    this.#setRead(conversation);
    if (had) this.tell('list');
  }

  // ----- what the sandbox reports

  async apply(event) {
    this.seq = Math.max(this.seq, event.seq);
    if (event.kind === 'user' || event.kind === 'bot' || event.kind === 'chat' || event.kind === 'member') {
      return this.#people(event);
    }
    if (event.kind === 'commands' || event.kind === 'menu_button') {
      return this.tell('commands', {bot: event.bot});
    }
    const conversation = await this.#conversationOf(event);
    if (!conversation) return;
    const change = {
      message: () => this.#message(conversation, event),
      edit: () => this.#edited(conversation, event),
      delete: () => this.#deleted(conversation, event),
      action: () => this.#action(conversation, event),
      press: () => this.#press(conversation, event),
      callback_answer: () => this.#answer(conversation, event),
      keyboard: () => this.#keyboard(conversation, event),
      draft: () => this.#draft(conversation, event),
      pin: () => this.#pin(conversation, event),
      reaction: () => this.#reaction(conversation, event),
    }[event.kind];
    change?.();
  }

  #isMyPlace(event) {
    if (event.chat === undefined) return false;
    return event.chat < 0 ? this.conversations.has(keyOf(event.chat)) : event.chat === this.me;
  }

  async #conversationOf(event) {
    if (!this.#isMyPlace(event)) return null;
    const key = keyOf(event.chat, event.bot);
    const known = this.conversations.get(key);
    if (known) {
      known.entry ??= {chat: event.chat, bot: event.bot, type: 'private', blocked: false};
      return known;
    }
    const state = await control.state();
    this.bots = new Map(state.bots.map((bot) => [bot.id, bot]));
    const entries = new Map(state.chats.map((chat) => [keyOf(chat.chat, chat.bot), chat]));
    return this.#adopt({chat: event.chat, bot: event.bot}, entries);
  }

  async #people(event) {
    if (event.kind === 'bot') {
      this.bots.set(event.bot, {...this.bots.get(event.bot), ...event.entry});
      if (!this.conversations.has(keyOf(this.me, event.bot))) await this.#adopt({chat: this.me, bot: event.bot}, new Map());
    } else if (event.kind === 'user') {
      this.users.set(event.user, {...this.users.get(event.user), ...event.entry});
    } else {
      await this.#placesChanged(event);
    }
    this.tell('people', event);
  }

  // Somebody joined or left, or a group was made: ask which places are mine now.
  async #placesChanged(event) {
    const state = await control.state();
    const entries = new Map(state.chats.map((chat) => [keyOf(chat.chat, chat.bot), chat]));
    const mine = state.users.find((user) => user.id === this.me)?.chats ?? [];
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.bots = new Map(state.bots.map((bot) => [bot.id, bot]));
    for (const place of mine) await this.#adopt(place, entries);
    for (const [key, conversation] of this.conversations) {
      conversation.entry = entries.get(key) ?? conversation.entry;
      const gone = !conversation.isPrivate && !mine.some((place) => keyOf(place.chat, place.bot) === key);
      if (gone) this.conversations.delete(key);
    }
    if (this.openKey && !this.conversations.has(this.openKey)) this.choose('');
  }

  #message(conversation, event) {
    const id = event.message.message_id;
    const isNew = !conversation.messages.has(id);
    conversation.messages.set(id, {message: event.message, outgoing: event.outgoing, deleted: false});
    if (!event.outgoing) {
      conversation.draft = null;
      if (conversation.actions.delete(event.message.from?.id ?? event.bot)) this.tell('action', {conversation});
    }
    if (conversation.key === this.openKey) this.markRead();
    this.tell('messages', {conversation, added: isNew ? event.message : null});
  }

  #edited(conversation, event) {
    const old = conversation.messages.get(event.message.message_id);
    conversation.messages.set(event.message.message_id, {...old, message: event.message, outgoing: event.outgoing, deleted: false});
    this.tell('messages', {conversation});
  }

  #deleted(conversation, event) {
    for (const id of event.message_ids) {
      const entry = conversation.messages.get(id);
      if (entry) entry.deleted = true;
    }
    this.tell('messages', {conversation});
  }

  #action(conversation, event) {
    const who = event.bot;
    conversation.actions.set(who, {action: event.action, until: Date.now() + TYPING_MS});
    setTimeout(() => {
      const action = conversation.actions.get(who);
      if (action && action.until <= Date.now()) {
        conversation.actions.delete(who);
        this.tell('action', {conversation});
      }
    }, TYPING_MS + 50);
    this.tell('action', {conversation});
  }

  actionOf(conversation) {
    for (const [bot, action] of conversation.actions) {
      if (action.until > Date.now()) return {bot, action: action.action};
    }
    return null;
  }

  #press(conversation, event) {
    if (event.user !== this.me) return;
    this.pressed(conversation, event.callback_query_id, event.message_id, event.data);
  }

  // A button waits for its answer.
  pressed(conversation, id, messageId, data) {
    if (conversation.presses.has(id)) return;
    conversation.presses.set(id, {message_id: messageId, data, until: Date.now() + PRESS_MS});
    setTimeout(() => {
      if (conversation.presses.get(id)?.answered || !conversation.presses.has(id)) return;
      conversation.presses.delete(id);
      this.tell('messages', {conversation});
    }, PRESS_MS);
    this.tell('messages', {conversation});
  }

  isWaiting(conversation, messageId, data) {
    for (const press of conversation.presses.values()) {
      if (press.message_id === messageId && press.data === data && !press.answered) return true;
    }
    return false;
  }

  #answer(conversation, event) {
    if (event.user !== undefined && event.user !== this.me) return;
    const press = conversation.presses.get(event.callback_query_id);
    if (press) {
      press.answered = true;
    } else {
      conversation.presses.set(event.callback_query_id, {answered: true});
    }
    this.tell('messages', {conversation});
    if (event.text || event.url) this.tell('answer', {conversation, ...event});
  }

  #keyboard(conversation, event) {
    conversation.keyboard = event.keyboard;
    this.tell('keyboard', {conversation});
  }

  #draft(conversation, event) {
    const draft = {text: event.text, entities: event.entities ?? [], id: event.draft_id};
    conversation.draft = draft;
    setTimeout(() => {
      if (conversation.draft !== draft) return;
      conversation.draft = null;
      this.tell('messages', {conversation});
    }, DRAFT_MS);
    this.tell('messages', {conversation});
  }

  #pin(conversation, event) {
    conversation.entry = {...conversation.entry, pinned_message_id: event.message_id};
    this.tell('messages', {conversation});
  }

  #reaction(conversation, event) {
    conversation.reactions.set(event.message_id, event.reactions ?? []);
    this.tell('messages', {conversation});
  }
}

export {remembered};
