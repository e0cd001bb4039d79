// node:test with a limit on everything: what hangs fails and is named, and a file ends whatever its tests have left behind.

import * as node from 'node:test';

const LIMIT = {timeout: 120_000};
const LEAVE_MS = 60_000;

export const test = (name, body) => node.test(name, LIMIT, body);
export const before = (body) => node.before(body, LIMIT);
export const after = (body) => node.after(body, LIMIT);
export const beforeEach = (body) => node.beforeEach(body, LIMIT);
export const afterEach = (body) => node.afterEach(body, LIMIT);

// Every step in turn, also after one that failed; then the first failure.
export async function allOf(...steps) {
  const failures = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw failures[0];
}

// A test that failed half-way may have left a poll or a window open, which would keep the process for ever.
after(() => {
  setTimeout(() => {
    console.error(`The tests are over, but these are still open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, LEAVE_MS).unref();
});
