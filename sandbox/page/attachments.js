// Files chosen for the next message.

import {el, icon, iconButton} from './dom.js';
import {fileSize} from './format.js';

const PICTURE = /^image\/(png|jpeg|webp)$/;
const LARGEST_PHOTO = 10 * 1024 * 1024;

export class Attachments {
  constructor(changed) {
    this.changed = changed;
    this.items = [];
    this.asFiles = false;
    this.root = el('div', {class: 'attachments', hidden: true, role: 'group', 'aria-label': 'Files to send'});
  }

  get count() { return this.items.length; }

  add(files) {
    for (const file of files) {
      const isPicture = PICTURE.test(file.type) && file.size <= LARGEST_PHOTO;
      this.items.push({file, isPicture, preview: isPicture ? URL.createObjectURL(file) : null});
    }
    this.#render();
  }

  clear() {
    for (const item of this.items) if (item.preview) URL.revokeObjectURL(item.preview);
    this.items = [];
    this.asFiles = false;
    this.#render();
  }

  // Hands the files over, in the form the control API takes, and is empty again.
  take() {
    const kind = (item) => {
      if (item.isPicture && !this.asFiles) return 'photo';
      if (item.file.type.startsWith('video/') && !this.asFiles) return 'video';
      if (item.file.type.startsWith('audio/') && !this.asFiles) return 'audio';
      return 'document';
    };
    const files = this.items.map((item) => ({kind: kind(item), blob: item.file, name: item.file.name || 'picture.png'}));
    this.clear();
    return files;
  }

  #remove(item) {
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((one) => one !== item);
    this.#render();
  }

  #render() {
    this.root.hidden = !this.items.length;
    const pictures = this.items.some((item) => item.isPicture);
    const choice = el('label', {class: 'check-row small'}, el('input', {type: 'checkbox', checked: this.asFiles, onchange: (event) => {
      this.asFiles = event.target.checked;
    }}), el('span', {}, 'Send as files'));
    this.root.replaceChildren(el('div', {class: 'attachment-row'}, this.items.map((item) => this.#tile(item))), ...(pictures ? [choice] : []));
    this.changed();
  }

  #tile(item) {
    const {file} = item;
    return el('div', {class: 'attachment'},
              item.preview ? el('img', {src: item.preview, alt: ''}) : el('span', {class: 'file-icon'}, icon('file')),
              el('span', {class: 'attachment-name', title: file.name}, file.name || 'picture', el('span', {}, fileSize(file.size))),
              iconButton('close', `Remove ${file.name}`, () => this.#remove(item)));
  }
}
