// What the page reads of the exchange, and what the other side may do in it (docs/sandbox.md).

import {get, post} from '../control.js';

export const titles = (game, search) => get('/control/market', {game, search, limit: 100});
export const title = (game, name) => get('/control/market-title', {game, title: name});
export const account = () => get('/control/market-account');
export const events = (after, timeout) => get('/control/market-events', {after, timeout});
export const act = (name, values) => post('/control/market', {act: name, ...values});

export const GAMES = [['a8db', 'CS2'], ['9a92', 'Dota 2'], ['rust', 'Rust'], ['tf2', 'TF2']];
