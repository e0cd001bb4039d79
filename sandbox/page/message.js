// One message, or one album, as it stands in the chat.

import {avatar, el, icon, tintOf} from './dom.js';
import {fullName, fullTime, timeOfDay} from './format.js';
import {captionOf, content, contentName, hasNoBubble, isVisual, serviceText} from './media.js';
import {formatted, oneLine} from './text.js';

const nameOf = (who) => (who ? who.title ?? fullName(who) : 'Somebody');

export function summary(message) {
  const service = serviceText(message, nameOf);
  if (service) return service;
  const {text, entities} = captionOf(message);
  const line = oneLine(text, entities);
  const kind = contentName(message);
  return [kind, line].filter(Boolean).join(kind && line ? ', ' : '') || 'Message';
}

function replyQuote(message, context) {
  const origin = message.reply_to_message;
  if (!origin) return null;
  const words = message.quote?.text ?? summary(origin);
  return el('button', {type: 'button', class: `reply-quote ${tintOf(origin.from?.id ?? 0)}`,
                       'aria-label': `Go to the message of ${nameOf(origin.from)}`,
                       onclick: () => context.jump(origin.message_id)},
            el('b', {}, nameOf(origin.sender_chat ?? origin.from)), el('span', {}, words));
}

function forwardLine(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const from = origin.sender_user ?? origin.sender_chat ?? origin.chat;
  return el('div', {class: 'forward'}, 'Forwarded from ', el('b', {}, from ? nameOf(from) : origin.sender_user_name ?? 'somebody'));
}

function meta(message, own) {
  return el('span', {class: 'meta'},
            message.edit_date ? el('span', {class: 'edited'}, 'edited') : null,
            el('time', {datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date)}, timeOfDay(message.date)),
            own ? el('span', {class: 'ticks', 'aria-hidden': 'true'}, icon('check')) : null);
}

function inlineButton(button, message, context) {
  const link = button.url ?? button.login_url?.url;
  if (link) {
    return el('a', {class: 'inline-button', href: /^https?:/i.test(link) ? link : undefined, target: '_blank', rel: 'noopener noreferrer',
                    title: link}, el('span', {}, button.text), icon('link'));
  }
  const waiting = button.callback_data !== undefined && context.isWaiting(message.message_id, button.callback_data);
  const act = () => {
    if (button.callback_data !== undefined) return context.press(message, button);
    if (button.copy_text) return context.copy(button.copy_text.text);
    context.unsupported(button);
  };
  return el('button', {type: 'button', class: `inline-button${waiting ? ' waiting' : ''}${button.style ? ` style-${button.style}` : ''}`,
                       'aria-busy': waiting ? 'true' : undefined, onclick: act},
            el('span', {}, button.text), button.copy_text ? icon('copy') : null,
            waiting ? el('span', {class: 'spinner', 'aria-hidden': 'true'}) : null);
}

function inlineKeyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el('div', {class: 'inline-keyboard', role: 'group', 'aria-label': 'Buttons'},
            rows.map((row) => el('div', {class: 'inline-row'}, row.map((button) => inlineButton(button, message, context)))));
}

function reactions(list) {
  if (!list?.length) return null;
  return el('div', {class: 'reactions'}, list.map((reaction) => el('span', {class: 'reaction'}, reaction.emoji ?? '★')));
}

function textBlock(message, context) {
  const {text, entities} = captionOf(message);
  if (!text) return null;
  return el('div', {class: 'text', dir: 'auto'}, formatted(text, entities, context));
}

const onlyEmoji = (text) => /^(\p{Extended_Pictographic}(️|‍\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s?){1,3}$/u.test(text);

// entries: one, or the items of an album. `place`: {first, last} in a run of one sender.
export function messageNode(entries, place, context) {
  const {message} = entries[0];
  const own = context.isMine(entries[0]);
  const service = serviceText(message, nameOf);
  if (service) return el('li', {class: 'service', 'data-id': message.message_id}, el('span', {}, service));

  const captioned = entries.find((entry) => captionOf(entry.message).text)?.message ?? message;
  const bare = hasNoBubble(message);
  const visual = entries.some((entry) => isVisual(entry.message));
  const lone = !captionOf(captioned).text;
  const big = !visual && !content(message) && onlyEmoji(captionOf(message).text);
  const sender = message.sender_chat ?? message.from ?? {id: 0};
  const named = context.inGroup && !own && place.first;

  const parts = entries.map((entry) => content(entry.message)).filter(Boolean);
  const media = parts.length > 1 && visual ? el('div', {class: `album of-${Math.min(parts.length, 4)}`}, parts) : parts;
  const bubble = el('div', {class: ['bubble', bare && 'bare', visual && 'visual', visual && lone && 'lone', big && 'big'].filter(Boolean).join(' ')},
                    named ? el('div', {class: `sender ${tintOf(sender.id)}`}, nameOf(sender)) : null,
                    forwardLine(message), replyQuote(message, context), media, textBlock(captioned, context),
                    reactions(context.reactionsOf(message.message_id)), meta(captioned, own));
  const tools = el('button', {type: 'button', class: 'tools', tabindex: '-1', 'aria-label': 'Message menu', title: 'Message menu',
                              'aria-haspopup': 'menu', onclick: (event) => context.menu(event.currentTarget, entries[0])}, icon('down'));
  bubble.append(tools);
  const label = `${own ? 'You' : nameOf(sender)}, ${timeOfDay(message.date)}: ${summary(captioned)}`;
  return el('li', {class: ['message', own ? 'own' : 'other', place.first && 'first', place.last && 'last', big && 'with-big'].filter(Boolean).join(' '),
                   'data-id': entries.map((entry) => entry.message.message_id).join(' '), tabindex: '-1', 'aria-label': label},
            context.inGroup && !own ? (place.last ? avatar(sender.id, nameOf(sender), 'small') : el('span', {class: 'avatar-gap'})) : null,
            el('div', {class: 'column'}, bubble, inlineKeyboard(captioned, context) ?? inlineKeyboard(message, context)));
}

// A message that a bot is still writing.
export function draftNode(draft, context) {
  return el('li', {class: 'message other first last draft'},
            el('div', {class: 'column'}, el('div', {class: 'bubble'},
               el('div', {class: 'text', dir: 'auto'}, formatted(draft.text, draft.entities, context), el('span', {class: 'caret'})))));
}
