// Calls the sandbox's exchange as a client with the test key does.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';

const SEED = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const PUBLIC = '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8';
const PKCS8 = '302e020100300506032b657004220420';  // what stands before the seed of an Ed25519 key
const key = crypto.createPrivateKey({key: Buffer.from(PKCS8 + SEED, 'hex'), format: 'der', type: 'pkcs8'});

export async function call(address, method, target, body) {
  const date = String(Math.floor(Date.now() / 1000));
  const text = body === undefined ? '' : JSON.stringify(body);
  const [path, query] = target.split('?');
  const signed = method + decodeURIComponent(path) + (query ? `?${query}` : '') + text + date;
  const response = await fetch(address + target, {
    method, body: text || undefined,
    headers: {'Content-Type': 'application/json', 'X-Api-Key': PUBLIC, 'X-Sign-Date': date,
              'X-Request-Sign': `dmar ed25519 ${crypto.sign(null, Buffer.from(signed), key).toString('hex')}`},
  });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${target} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

// Offers one own item of CS2; gives the offer's id and the title.
export async function offerItem(address, cents) {
  const {items} = await call(address, 'GET', '/marketplace-api/v2/user/inventory?gameId=a8db&limit=100&treeFilters=inMarket%3Dtrue');
  for (const {attributes} of items) {
    const {offers} = await call(address, 'POST', '/marketplace-api/v2/offers:batchCreate', {requests: [{assetId: attributes.id, priceCents: cents}]});
    if (offers.length) return {id: offers[0].id, title: attributes.title};
  }
  throw new Error('no item could be offered');
}

export async function placeTarget(address, title, dollars) {
  const {Result} = await call(address, 'POST', '/marketplace-api/v1/user-targets/create',
                              {GameID: 'a8db', Targets: [{Amount: '1', Price: {Currency: 'USD', Amount: dollars}, Title: title}]});
  assert.ok(Result[0].Successful, JSON.stringify(Result));
  return Result[0].TargetID;
}
