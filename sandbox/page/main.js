// Starts the page and follows the sandbox's events for as long as it is open.

import {ChatList} from './chat_list.js';
import {ChatView} from './chat_view.js';
import * as control from './control.js';
import {alertBox, closeMenu, toast} from './overlays.js';
import {World} from './world.js';

const HOLD_SECONDS = 25;
const LOOK_MS = 3000;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 4000;

const world = new World();
new ChatList(world);
new ChatView(world);

world.on('answer', ({conversation, text, show_alert: isAlert, url}) => {
  if (url) window.open(url, '_blank', 'noopener');
  if (!text) return;
  if (isAlert) alertBox(world.titleOf(conversation), text);
  else toast(text);
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const connection = document.getElementById('connection');

function showConnected(connected) {
  connection.hidden = connected;
  connection.textContent = connected ? '' : 'No connection to the sandbox. Trying again…';
  document.body.classList.toggle('offline', !connected);
}

// One long poll after the other; a sandbox that came back is read anew.
async function follow() {
  let wait = FIRST_PAUSE_MS;
  let isFresh = false;
  for (;;) {
    try {
      if (!isFresh) {
        await world.load();
        isFresh = true;
        showConnected(true);
      }
      const answer = await control.events(world.seq, HOLD_SECONDS);
      wait = FIRST_PAUSE_MS;
      if (answer.missed || answer.next < world.seq) {
        isFresh = false;
        continue;
      }
      for (const event of answer.events) await world.apply(event);
      world.seq = Math.max(world.seq, answer.next);
    } catch (error) {
      isFresh = false;
      if (!(error instanceof control.ControlError)) console.error(error);
      showConnected(false);
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (window.matchMedia('(max-width: 760px)').matches) world.choose('');
    document.getElementById('search').focus();
  } else if (event.key === 'Escape' && event.target === document.body && document.body.dataset.view === 'chat') {
    closeMenu();
    world.choose('');
  }
});

setInterval(() => {
  if (!document.hidden && connection.hidden) world.lookAfterBots().catch(() => { /* follow() reports it */ });
}, LOOK_MS);
follow();
