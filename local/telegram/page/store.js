// What this page knows: who we are, the chats, their messages, and what has been read.
import * as api from "./api.js";

const READ = "chat.read";
const WHO = "chat.person";
const SHOWN = new Set(["message", "edit", "delete", "reaction"]);

export class Store extends EventTarget {
  bot = { id: 0, first_name: "", username: "" };
  people = [];
  me = null;
  chats = [];
  messages = new Map(); // chat id → Map of message id → message
  commands = [];
  open = { chatId: 0, threadId: null };
  connected = false;
  #read = JSON.parse(localStorage.getItem(READ) || "{}");
  #stream = null;

  /** Load everything, as the person `key` or whoever it was last time. */
  async load(key = this.me?.key || localStorage.getItem(WHO) || "maya") {
    const world = await api.world();
    this.bot = world.bot;
    this.people = world.people;
    this.me = world.people.find((person) => person.key === key) || world.people[0];
    localStorage.setItem(WHO, this.me.key);
    this.chats = world.chats.filter((chat) => chat.members.includes(this.me.id) && !chat.migrated_to);
    const lists = await Promise.all(this.chats.map((chat) => this.at(chat.id).messages()));
    this.messages = new Map(
      this.chats.map((chat, n) => [chat.id, new Map(lists[n].messages.map((m) => [m.message_id, m]))]),
    );
    if (!this.chats.some((chat) => chat.id === this.open.chatId)) this.open = { chatId: this.me.id, threadId: null };
    await this.#loadCommands();
    this.#stream?.close();
    this.#stream = api.follow(world.seq, (event) => this.#take(event), (up) => this.#connection(up));
    this.#tell("loaded");
  }

  /** What we can do in a chat, the open one unless said otherwise. */
  at(chatId = this.open.chatId) {
    return api.place(this.me.key, chatId);
  }

  get chat() {
    return this.chats.find((chat) => chat.id === this.open.chatId);
  }

  /** The messages of a chat or topic, oldest first. */
  list(chatId = this.open.chatId, threadId = this.open.threadId) {
    const all = [...(this.messages.get(chatId)?.values() || [])];
    return all.filter((m) => !m.deleted && (threadId === null || m.message_thread_id === threadId));
  }

  find(messageId) {
    return this.messages.get(this.open.chatId)?.get(messageId);
  }

  /** Where a new message goes: the topic, and what it replies to. */
  about(replyTo) {
    const about = {};
    if (this.open.threadId !== null) about.thread_id = this.open.threadId;
    if (replyTo) about.reply_to = replyTo;
    return about;
  }

  async show(chatId, threadId = null) {
    this.open = { chatId, threadId };
    await this.#loadCommands();
    this.#tell("opened");
  }

  /** How many messages of others came since this chat or topic was last read. */
  unread(chatId, threadId = null) {
    const isNew = (m) => m.from.id !== this.me.id && m.message_id > (this.#read[this.#readKey(m)] || 0);
    return this.list(chatId, threadId).filter(isNew).length;
  }

  /** Note that everything in the open chat or topic has been read. */
  markRead() {
    const fresh = this.list().filter((m) => m.message_id > (this.#read[this.#readKey(m)] || 0));
    if (!fresh.length) return;
    for (const message of fresh) this.#read[this.#readKey(message)] = message.message_id;
    localStorage.setItem(READ, JSON.stringify(this.#read));
    this.#tell("read");
  }

  #readKey(message) {
    return `${this.me.key}/${message.chat.id}/${message.message_thread_id ?? ""}`;
  }

  async #loadCommands() {
    this.commands = (await this.at().commands()).commands;
  }

  #connection(up) {
    this.connected = up;
    this.#tell("connection");
  }

  #take(event) {
    if (SHOWN.has(event.type)) {
      const known = this.messages.get(event.chat_id);
      if (!known) return;
      known.set(event.message.message_id, event.message);
      this.#tell("changed", event);
    } else if (event.type === "reset" || event.type === "people" || (event.type === "hello" && event.missed)) {
      this.load();
    } else if (event.type === "commands") {
      this.#loadCommands().then(() => this.#tell("commands"));
    } else if (event.type === "blocked" || event.type === "pinned") {
      const chat = this.chats.find((each) => each.id === event.chat_id);
      if (chat) Object.assign(chat, event.type === "blocked" ? { blocked: event.blocked } : { pinned: event.pinned });
      this.#tell("chat", event);
    } else {
      this.#tell(event.type, event); // action, answer, tap
    }
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
