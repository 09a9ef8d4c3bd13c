// Who we are, and the chats we can switch between; and the header of the open one.
import { gist } from "./bubble.js";
import { avatar, h, iconButton } from "./dom.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export class Sidebar {
  #root = document.getElementById("sidebar");

  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    document.getElementById("scrim").addEventListener("click", () => this.toggle(false));
    addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
  }

  /** On a phone: slide in or out. */
  toggle(open) {
    document.body.classList.toggle("sidebar-open", open);
  }

  draw() {
    const { people, me, chats } = this.store;
    this.#root.replaceChildren(
      h("div.people", { role: "group", "aria-label": "You are" },
        h("span.you-are", {}, "You are"),
        people.map((person) => h("button.person", {
          type: "button", "aria-pressed": String(person.id === me.id), onclick: () => this.acts.become(person.key),
        }, avatar("person", `${person.first_name} ${person.last_name}`, person.id), h("span", {}, person.first_name)))),
      h("div.chats", {}, chats.map((chat) => this.#chat(chat))),
      h("p.note", {}, "A stand-in on this computer, not Telegram."));
  }

  #chat(chat) {
    const topics = Object.entries(chat.topics);
    const entries = [this.#entry(chat, null)];
    if (topics.length) entries.push(h("div.topics", {}, topics.map(([id, name]) => this.#topic(chat, Number(id), name))));
    return entries;
  }

  #entry(chat, threadId) {
    const { bot } = this.store;
    const name = chat.type === "private" ? bot.first_name : chat.title;
    const last = this.store.list(chat.id, null).at(-1);
    const picture = chat.type === "private" ? avatar("bot", name) : avatar("group", name, chat.id);
    return h("button.chat-entry", this.#open(chat.id, threadId),
      picture,
      h("span.chat-words", {},
        h("span.chat-line", {}, h("strong", {}, name), last && h("time", {}, CLOCK.format(last.date * 1000))),
        h("span.chat-line", {}, h("span.last", {}, last ? this.#said(last) : chat.type === "private" ? "Say hello" : "No messages yet"),
          this.#badge(chat.id, threadId))));
  }

  #topic(chat, id, name) {
    return h("button.topic-entry", this.#open(chat.id, id), h("span", {}, `# ${name}`), this.#badge(chat.id, id));
  }

  #open(chatId, threadId) {
    const { open } = this.store;
    const current = open.chatId === chatId && open.threadId === threadId;
    return { type: "button", "aria-current": current ? "page" : null, onclick: () => this.acts.open(chatId, threadId) };
  }

  #said(message) {
    const who = message.from.id === this.store.me.id ? "You: " : message.chat.type === "private" ? "" : `${message.from.first_name}: `;
    return who + gist(message);
  }

  #badge(chatId, threadId) {
    const unread = this.store.unread(chatId, threadId);
    return unread ? h("span.badge", { "aria-label": `${unread} unread` }, unread) : null;
  }
}

export class Header {
  #root = document.getElementById("header");
  #status = h("span.status");

  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
  }

  draw() {
    const { chat, bot, open, me } = this.store;
    const isPrivate = chat.type === "private";
    const name = isPrivate ? bot.first_name : open.threadId === null ? chat.title : `# ${chat.topics[open.threadId]}`;
    const elsewhere = this.store.chats.reduce((sum, each) => sum + (each.id === open.chatId ? 0 : this.store.unread(each.id)), 0);
    this.#root.replaceChildren(
      h("div.menu-place", {}, iconButton("menu", "People and chats", () => this.acts.sidebar()), elsewhere ? h("span.badge", {}, elsewhere) : null),
      isPrivate ? avatar("bot", name) : avatar("group", chat.title, chat.id),
      h("div.title", {}, h("h1", {}, name), this.#status),
      h("span.as", {}, `as ${me.first_name}`),
      iconButton("dots", "More", (event) => this.acts.chatMenu(event.currentTarget)));
    this.say(null);
    const unread = elsewhere + this.store.unread(open.chatId);
    document.title = unread ? `(${unread}) ${name}` : name;
  }

  /** Say what the bot is doing, or what this chat is. */
  say(doing) {
    const { chat, open, connected } = this.store;
    const isPrivate = chat.type === "private";
    const about = isPrivate ? "bot · local stand-in" : open.threadId === null ? `${chat.members.length} people and the bot` : `topic in ${chat.title}`;
    this.#status.textContent = !connected ? "connecting…" : doing || (chat.blocked ? "stopped" : about);
    this.#status.classList.toggle("active", Boolean(doing));
  }
}
