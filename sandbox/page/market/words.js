// Money and time as people read and type them.

export function money(cents) {
  if (cents === null || cents === undefined) return '–';
  const size = Math.abs(cents);
  const dollars = Math.floor(size / 100).toLocaleString('en');
  return `${cents < 0 ? '−' : ''}$${dollars}.${String(size % 100).padStart(2, '0')}`;
}

// "12.50", "$12,50": whole cents. Throws what the person should do.
export function cents(text) {
  const found = /^\s*(-?)\$?(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  if (!found) throw new Error('Write an amount such as 12.50.');
  const size = Number(found[2]) * 100 + Number((found[3] ?? '0').padEnd(2, '0'));
  return found[1] ? -size : size;
}

// "in 14:59", "in 6 days": how long until `at`; empty when it has passed.
export function until(at, now) {
  const left = at - now;
  if (left <= 0) return '';
  if (left < 3600) return `in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  if (left < 172800) return `in ${Math.round(left / 3600)} h`;
  return `in ${Math.round(left / 86400)} days`;
}

const marketClock = new Intl.DateTimeFormat(navigator.language || 'en', {dateStyle: 'medium', timeStyle: 'short'});
export const marketTime = (seconds) => marketClock.format(new Date(seconds * 1000));

export function ago(at, now) {
  const past = now - at;
  if (past < 60) return 'just now';
  if (past < 3600) return `${Math.floor(past / 60)} min ago`;
  if (past < 172800) return `${Math.floor(past / 3600)} h ago`;
  return `${Math.floor(past / 86400)} days ago`;
}

// What tells a copy from another, or what a target demands.
export function particulars(thing) {
  const parts = [];
  if (thing.float) parts.push(`float ${Number(thing.float).toFixed(4)}`);
  else if (thing.float_part) parts.push(thing.float_part);
  if (thing.phase) parts.push(thing.phase);
  if (thing.paint_seed) parts.push(`seed ${thing.paint_seed}`);
  return parts.join(' · ');
}
