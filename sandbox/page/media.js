// Pictures, files and the other things a message may hold besides text.

import {fileUrl} from './control.js';
import {el, icon} from './dom.js';
import {duration, fileSize} from './format.js';
import {lightbox} from './overlays.js';

const largest = (sizes) => sizes.reduce((best, size) => (size.width * size.height >= best.width * best.height ? size : best));

function picture(file, name, spoilered) {
  const address = fileUrl(file.file_id);
  const image = el('img', {src: address, alt: name, loading: 'lazy', decoding: 'async',
                           width: file.width || undefined, height: file.height || undefined});
  const button = el('button', {type: 'button', class: 'picture', 'aria-label': `Open ${name}`}, image);
  image.addEventListener('error', () => button.classList.add('broken'));
  if (spoilered) button.classList.add('covered');
  button.addEventListener('click', () => {
    if (button.classList.contains('covered')) {
      button.classList.remove('covered');
    } else {
      lightbox(address, name);
    }
  });
  return button;
}

export const photo = (message) => picture(largest(message.photo), 'photo.jpg', message.has_media_spoiler);

function fileCard(file, name, details) {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '';
  return el('a', {class: 'file', href: fileUrl(file.file_id), download: name},
            el('span', {class: 'file-icon', 'aria-hidden': 'true'}, icon('file'), el('b', {}, extension)),
            el('span', {class: 'file-text'}, el('span', {class: 'file-name'}, name), el('span', {class: 'file-size'}, details)));
}

const PLAYABLE_PICTURE = /^image\//;

function animation(file) {
  const address = fileUrl(file.file_id);
  if (PLAYABLE_PICTURE.test(file.mime_type ?? '')) return picture(file, file.file_name ?? 'animation.gif');
  return el('video', {class: 'moving', src: address, autoplay: true, loop: true, muted: true, playsinline: true});
}

function sticker(file) {
  if (file.is_animated || file.is_video) return el('span', {class: 'big-emoji'}, file.emoji || 'Sticker');
  return el('img', {class: 'sticker', src: fileUrl(file.file_id), alt: file.emoji || 'Sticker', width: 160, height: 160});
}

const card = (name, title, ...lines) =>
    el('div', {class: 'card'}, el('span', {class: 'card-icon', 'aria-hidden': 'true'}, icon(name)),
       el('div', {class: 'card-text'}, el('b', {}, title), lines.filter(Boolean).map((line) => el('span', {}, line))));

function place(location, title, address) {
  const where = `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
  return card('pin', title ?? 'Location', address, where);
}

function poll(value) {
  return el('div', {class: 'poll'}, el('b', {}, value.question),
            el('span', {class: 'muted'}, value.type === 'quiz' ? 'Quiz' : 'Poll'),
            el('ul', {}, value.options.map((option) => el('li', {}, option.text,
                                                          el('span', {class: 'muted'}, String(option.voter_count ?? 0))))));
}

// The node for a message's content other than its text; null when there is only text.
export function content(message) {
  const {document: file, video, audio, voice} = message;
  if (message.photo?.length) return photo(message);
  if (message.animation) return animation(message.animation);
  if (video) return el('video', {class: 'moving', src: fileUrl(video.file_id), controls: true, preload: 'metadata'});
  if (message.video_note) {
    return el('video', {class: 'round', src: fileUrl(message.video_note.file_id), controls: true, preload: 'metadata'});
  }
  if (audio) {
    return el('div', {class: 'sound'},
              fileCard(audio, audio.title ?? audio.file_name ?? 'Audio', [audio.performer, duration(audio.duration ?? 0)].filter(Boolean).join(' · ')),
              el('audio', {src: fileUrl(audio.file_id), controls: true, preload: 'none'}));
  }
  if (voice) return el('div', {class: 'sound'}, el('audio', {src: fileUrl(voice.file_id), controls: true, preload: 'none'}));
  if (file) return fileCard(file, file.file_name ?? 'file', fileSize(file.file_size));
  if (message.sticker) return sticker(message.sticker);
  if (message.dice) return el('div', {class: 'dice'}, el('span', {class: 'big-emoji'}, message.dice.emoji), el('b', {}, String(message.dice.value)));
  if (message.contact) {
    return card('person', [message.contact.first_name, message.contact.last_name].filter(Boolean).join(' '), message.contact.phone_number);
  }
  if (message.venue) return place(message.venue.location, message.venue.title, message.venue.address);
  if (message.location) return place(message.location);
  if (message.poll) return poll(message.poll);
  if (message.invoice) return card('file', message.invoice.title, message.invoice.description);
  return null;
}

// Whether the content fills the bubble to its edges.
export const isVisual = (message) =>
    Boolean(message.photo?.length || message.video || (message.animation && !message.sticker));

export const hasNoBubble = (message) => Boolean(message.sticker || message.dice || message.video_note);

const KINDS = {
  photo: 'Photo', animation: 'GIF', video: 'Video', video_note: 'Video message', audio: 'Audio', voice: 'Voice message',
  document: 'File', sticker: 'Sticker', dice: 'Dice', contact: 'Contact', venue: 'Place', location: 'Location', poll: 'Poll',
  invoice: 'Invoice', game: 'Game', story: 'Story',
};

// "Photo", or the name of a file: for the chat list and for replies.
export function contentName(message) {
  for (const [kind, name] of Object.entries(KINDS)) {
    if (message[kind] && !(kind === 'document' && message.animation)) {
      return kind === 'document' ? message.document.file_name ?? name : kind === 'dice' ? `${message.dice.emoji} ${message.dice.value}` : name;
    }
  }
  return '';
}

export const captionOf = (message) => ({
  text: message.text ?? message.caption ?? '',
  entities: message.entities ?? message.caption_entities ?? [],
});

// What happened, for messages that nobody wrote; null for ordinary ones.
export function serviceText(message, nameOf) {
  const actor = nameOf(message.from);
  const list = (people) => people.map(nameOf).join(', ');
  if (message.new_chat_members?.length) {
    const self = message.new_chat_members.length === 1 && message.new_chat_members[0].id === message.from?.id;
    return self ? `${actor} joined the group` : `${actor} added ${list(message.new_chat_members)}`;
  }
  if (message.left_chat_member) {
    return message.left_chat_member.id === message.from?.id ? `${actor} left the group`
                                                            : `${actor} removed ${nameOf(message.left_chat_member)}`;
  }
  if (message.new_chat_title) return `${actor} changed the title to “${message.new_chat_title}”`;
  if (message.group_chat_created || message.supergroup_chat_created) return `${actor} created the group`;
  if (message.channel_chat_created) return 'Channel created';
  if (message.new_chat_photo) return `${actor} changed the photo`;
  if (message.delete_chat_photo) return `${actor} removed the photo`;
  if (message.pinned_message) return `${actor} pinned a message`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return 'The group became a supergroup';
  if (message.successful_payment) return 'Payment received';
  return null;
}
