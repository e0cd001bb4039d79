// How long the sandbox's exchange takes for its lists over loopback, with a client that does nothing else.
// node bench/exchange_lists.mjs [TITLES] [OFFERS]    (SANDBOX_BIN: the program; default build/release/bin/sandbox)

import {readFileSync} from 'node:fs';
import {call} from '../tests/support/exchange.mjs';
import {Sandbox} from '../tests/support/sandbox.mjs';

const [titles = '25000', offers = '500000'] = process.argv.slice(2);
const CALLS = 200;

const begun = performance.now();
const sandbox = await Sandbox.start({args: ['--market-titles', titles, '--market-offers', offers, '--market-items', '200',
                                            '--no-rate-limits']});
const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${sandbox.program.child.pid}/status`, 'utf8'))[1]) / 1024;
console.log(`${titles} titles, ${offers} offers: ready after ${Math.round(performance.now() - begun)} ms, ${Math.round(memory)} MB`);

const get = (target) => call(sandbox.address, 'GET', target);
const prices = (body) => call(sandbox.address, 'POST', '/marketplace-api/v1/aggregated-prices', body);
const encode = encodeURIComponent;

const first = await prices({filter: {game: 'a8db'}, limit: '1000'});
const names = first.aggregatedPrices.map((price) => price.title);
const name = (i) => encode(names[(i * 7) % names.length]);
const page = await get('/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=price');

const measures = {
  'v2/offers, 100 by price': () => get('/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=price'),
  'v2/offers, the next page': () => get(`/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=price&cursor=${encode(page.cursor)}`),
  'v2/offers, 100 in no order': () => get('/marketplace-api/v2/offers?gameId=a8db&limit=100'),
  'v2/offers of a title, by price': (i) => get(`/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=price&title=${name(i)}`),
  'v2/offers, filtered over all': () => get('/marketplace-api/v2/offers?gameId=a8db&limit=100&orderBy=price&priceFrom=500&priceTo=900&treeFilters=exterior%3Dfield-tested'),
  'targets-by-title': (i) => get(`/marketplace-api/v1/targets-by-title/a8db/${name(i)}`),
  'last-sales, 20': (i) => get(`/trade-aggregator/v1/last-sales?gameId=a8db&limit=20&title=${name(i)}`),
  'aggregated-prices, 100 titles': (i) => prices({filter: {game: 'a8db', titles: names.slice((i * 7) % 900, (i * 7) % 900 + 100)}, limit: '100'}),
  'aggregated-prices, page of 1000': () => prices({filter: {game: 'a8db'}, limit: '1000'}),
  'customized-fees, all': () => get('/exchange/v1/customized-fees?gameId=a8db&limit=15000'),
  'user/inventory, 100': () => get('/marketplace-api/v2/user/inventory?gameId=a8db&limit=100'),
  'balance': () => get('/account/v1/balance'),
};

for (const [label, measure] of Object.entries(measures)) {
  const times = [];
  let bytes = 0;
  for (let i = 0; i < CALLS; ++i) {
    const start = performance.now();
    const answer = await measure(i);
    times.push(performance.now() - start);
    bytes = JSON.stringify(answer).length;
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(share * (CALLS - 1))].toFixed(2).padStart(8);
  console.log(`${label.padEnd(34)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${(bytes / 1024).toFixed(0).padStart(5)} KB`);
}
await sandbox.stop();
