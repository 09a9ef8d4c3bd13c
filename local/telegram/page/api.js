// The stand-in's JSON API for people, and its stream of events.

async function ask(method, path, body) {
  const form = body instanceof FormData;
  const response = await fetch(path, {
    method,
    headers: body && !form ? { "Content-Type": "application/json" } : {},
    body: body && !form ? JSON.stringify(body) : body,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error((answer.description || "That did not work").replace("Bad Request: ", ""));
  return answer;
}

export const world = () => ask("GET", "/_people");
export const fileUrl = (fileId) => `/_people/files/${encodeURIComponent(fileId)}`;
export const photoUrl = (fileId) => `/_people/photos/${encodeURIComponent(fileId)}`;

/** Everything that one person can do in one chat. */
export function place(person, chatId) {
  const base = `/_people/${encodeURIComponent(person)}/${chatId}`;
  const message = (id) => `${base}/messages/${id}`;
  return {
    messages: () => ask("GET", `${base}/messages`),
    history: (id) => ask("GET", `${message(id)}/history`),
    commands: () => ask("GET", `${base}/commands`),
    write: (text, about) => ask("POST", `${base}/messages`, { text, ...about }),
    start: (payload) => ask("POST", `${base}/start`, { payload }),
    voice: (seconds, about) => ask("POST", `${base}/voices`, { seconds, ...about }),
    sticker: (emoji, about) => ask("POST", `${base}/stickers`, { emoji, ...about }),
    edit: (id, text) => ask("PATCH", message(id), { text }),
    remove: (id) => ask("DELETE", message(id)),
    tap: (id, button) => ask("POST", `${message(id)}/tap`, { button }),
    react: (id, emoji) => ask("POST", `${message(id)}/reaction`, emoji ? { emoji } : {}),
    block: () => ask("POST", `${base}/block`),
    unblock: () => ask("DELETE", `${base}/block`),
    upload(file, caption, about) {
      const form = new FormData();
      form.append("file", file, file.name);
      if (caption) form.append("caption", caption);
      for (const [name, value] of Object.entries(about)) form.append(name, value);
      return ask("POST", `${base}/documents`, form);
    },
  };
}

/**
 * Follow what happens from event number `after` on.
 *
 * @param {(event: object) => void} onEvent
 * @param {(connected: boolean) => void} onState
 */
export function follow(after, onEvent, onState) {
  const stream = new EventSource(`/_people/events?after=${after}`);
  stream.onopen = () => onState(true);
  stream.onerror = () => onState(false);
  stream.onmessage = ({ data }) => onEvent(JSON.parse(data));
  return stream;
}
