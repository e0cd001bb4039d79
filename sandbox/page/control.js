// The sandbox's control API (docs/sandbox.md).

export class ControlError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;  // 0: nobody answered
  }
}

async function request(path, options = {}) {
  try {
    const response = await fetch(path, {cache: 'no-store', ...options});
    if (response.ok) return await response.json();
    const {error} = await response.json().catch(() => ({}));
    throw new ControlError(response.status, error ?? `The sandbox answered ${response.status}.`);
  } catch (error) {
    // Also an answer that breaks off half-way, as it does when the sandbox stops or the page is left.
    if (error instanceof ControlError) throw error;
    throw new ControlError(0, 'The sandbox does not answer.');
  }
}

const query = (values) =>
    new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)).toString();

export const get = (path, values = {}) => request(`${path}?${query(values)}`);

export const post = (path, body) => request(path, {
  method: 'POST',
  headers: {'Content-Type': 'application/json'},
  body: JSON.stringify(body),
});

export const state = () => request('/control/state');
export const transcript = (place) => request(`/control/transcript?${query(place)}`);
export const commands = (values) => request(`/control/commands?${query(values)}`);
export const events = (since, timeout) => request(`/control/events?${query({since, timeout})}`);
export const press = (body) => post('/control/press', body);
export const edit = (body) => post('/control/edit', body);
export const remove = (body) => post('/control/delete', body);
export const block = (body) => post('/control/block', body);
export const addUser = (body) => post('/control/users', body);
export const changeChat = (body) => post('/control/chats', body);
export const fileUrl = (id) => `/control/file?${query({file_id: id})}`;

// `file` (optional): {kind: 'photo' | 'document' | ..., blob, name}
export function send(body, file) {
  if (!file) return post('/control/send', body);
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, String(value));
  form.append(file.kind, file.blob, file.name);
  return request('/control/send', {method: 'POST', body: form});
}
