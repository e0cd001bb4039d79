// Dates, sizes and names as people read them.

const locale = navigator.language || 'en';
const clock = new Intl.DateTimeFormat(locale, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const dayMonth = new Intl.DateTimeFormat('en', {day: 'numeric', month: 'long'});
const dayMonthYear = new Intl.DateTimeFormat('en', {day: 'numeric', month: 'long', year: 'numeric'});
const weekday = new Intl.DateTimeFormat('en', {weekday: 'short'});
const short = new Intl.DateTimeFormat(locale, {day: '2-digit', month: '2-digit', year: '2-digit'});
const full = new Intl.DateTimeFormat(locale, {dateStyle: 'full', timeStyle: 'medium'});

const toDate = (seconds) => new Date(seconds * 1000);
const DAY = 86400000;

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysAgo = (date) => Math.round((startOfDay(new Date()) - startOfDay(date)) / DAY);

export const timeOfDay = (seconds) => clock.format(toDate(seconds));
export const fullTime = (seconds) => full.format(toDate(seconds));
export const dayKey = (seconds) => startOfDay(toDate(seconds));

export function dayName(seconds) {
  const date = toDate(seconds);
  const days = daysAgo(date);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return date.getFullYear() === new Date().getFullYear() ? dayMonth.format(date) : dayMonthYear.format(date);
}

export function listTime(seconds) {
  const date = toDate(seconds);
  const days = daysAgo(date);
  if (days === 0) return clock.format(date);
  return days > 0 && days < 7 ? weekday.format(date) : short.format(date);
}

// A date_time entity: "r" is relative, otherwise w (weekday), d/D (date), t/T (time).
export function formatDate(seconds, format, fallback) {
  const date = toDate(seconds);
  if (format === 'r') return relative(date);
  const options = {};
  if (format.includes('w')) options.weekday = 'long';
  if (format.includes('d')) Object.assign(options, {day: '2-digit', month: '2-digit', year: 'numeric'});
  if (format.includes('D')) Object.assign(options, {day: 'numeric', month: 'long', year: 'numeric'});
  if (/[tT]/.test(format)) Object.assign(options, {hour: '2-digit', minute: '2-digit'});
  if (format.includes('T')) options.second = '2-digit';
  return Object.keys(options).length ? new Intl.DateTimeFormat(locale, options).format(date) : fallback;
}

function relative(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});
  const units = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]];
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, 'second');
}

export function fileSize(bytes) {
  if (bytes === undefined) return '';
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const fullName = (who) => [who.first_name, who.last_name].filter(Boolean).join(' ') || who.username || String(who.id);

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
