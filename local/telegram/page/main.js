// The page put together: the store tells what happened, the parts draw it, and `acts` is what people can do.
import { gist } from "./bubble.js";
import { Composer } from "./composer.js";
import { copy, h } from "./dom.js";
import { MessageList } from "./messages.js";
import { alertBox, ask, below, menu, toast } from "./notices.js";
import { Header, Sidebar } from "./sidebar.js";
import { Store } from "./store.js";

const REACTIONS = ["👍", "❤", "🎉", "🔥", "🤔", "👎"];
const DOING = { typing: "typing…", upload_document: "sending a file…", record_voice: "recording…" };
const DEEP_LINK = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)(?:\?start(?:group)?=([\w-]+))?$/i;

const store = new Store();
const early = new Map(); // query id → an answer that nobody here waits for yet

/** Do something with the server; say so when it fails. Give whether it worked. */
async function attempt(act) {
  try {
    await act();
    return true;
  } catch (problem) {
    toast(problem.message);
    return false;
  }
}

const acts = {
  send: (text, replyTo = null) => attempt(() => store.at().write(text, store.about(replyTo?.message_id))),
  change: (message, text) => attempt(() => store.at().edit(message.message_id, text)),
  upload: (file, caption, replyTo) => attempt(() => store.at().upload(file, caption, store.about(replyTo?.message_id))),
  voice: () => attempt(() => store.at().voice(3, store.about())),
  sticker: (emoji) => attempt(() => store.at().sticker(emoji, store.about())),
  start: (payload) => attempt(() => store.at(store.me.id).start(payload)),
  react: (message, emoji) => attempt(() => store.at().react(message.message_id, emoji)),

  async tap(message, index, button) {
    button.classList.add("busy");
    const worked = await attempt(async () => {
      const outcome = await store.at().tap(message.message_id, index);
      if (outcome.query_id) {
        list.wait(outcome.query_id, message, index);
        if (early.has(outcome.query_id)) takeAnswer(early.get(outcome.query_id));
        return;
      }
      button.classList.remove("busy");
      if (outcome.copied) acts.toast((await copy(outcome.copied)) ? "Copied" : "Could not copy");
      if (outcome.url && !acts.link(outcome.url)) window.open(outcome.url, "_blank", "noopener");
    });
    if (!worked) button.classList.remove("busy");
  },

  command: (words) => acts.send(store.chat.type === "private" || words.includes("@") ? words : `${words}@${store.bot.username}`),
  mention: (name) => composer.insert(`${name} `),
  /** Follow a link into our own bot here; give false for every other link. */
  link(url) {
    const found = DEEP_LINK.exec(url);
    if (!found || found[1].toLowerCase() !== store.bot.username.toLowerCase()) return false;
    store.show(store.me.id).then(() => acts.start(found[2] || ""));
    return true;
  },
  toast,
  jump: (id) => list.reveal(id),
  reply: (message) => message && composer.replyTo(message),
  edit: (message) => message?.from.id === store.me.id && message.text && composer.edit(message),
  copy: async (message) => toast((await copy(gist(message))) ? "Copied" : "Could not copy"),
  read: () => document.hasFocus() && store.markRead(),
  focusMessages: () => list.focusLast(),
  sidebar: () => sidebar.toggle(true),

  async history(message) {
    const { states } = await store.at().history(message.message_id);
    const clock = (at) => new Date(at * 1000).toLocaleTimeString();
    alertBox("History of this message", h("h2", {}, "Every state of this message"), h("ol.history", {}, states.map((state) => h("li", {},
      h("time", {}, clock(state.at)), h("p", {}, state.plain || "(no words)"),
      (state.reply_markup?.inline_keyboard || []).map((row) => h("p.history-keys", {}, row.map(({ text }) => `[${text}] `)))))));
  },

  menu(message, at) {
    const mine = message.from.id === store.me.id;
    menu([
      { emojis: REACTIONS, act: (emoji) => acts.react(message, emoji) },
      { icon: "reply", label: "Reply", act: () => acts.reply(message) },
      { icon: "copy", label: "Copy text", act: () => acts.copy(message) },
      message.edits > 0 && { icon: "history", label: `Show all ${message.edits + 1} states`, act: () => acts.history(message) },
      mine && message.text && { icon: "edit", label: "Edit", act: () => acts.edit(message) },
      (mine || message.chat.type === "private") && {
        icon: "trash", label: "Delete", danger: true, act: () => attempt(() => store.at().remove(message.message_id)),
      },
    ], at instanceof Element ? below(at) : at);
  },

  chatMenu(button) {
    const isPrivate = store.chat.type === "private";
    menu([
      { icon: "link", label: "Open a link to the bot…", act: acts.openLink },
      isPrivate && !store.chat.blocked && { icon: "stop", label: "Stop the bot", danger: true, act: () => attempt(() => store.at().block()) },
      isPrivate && store.chat.blocked && { icon: "bolt", label: "Start it again", act: () => acts.start("") },
    ], below(button));
  },

  async openLink() {
    const title = `Open a link as ${store.me.first_name}`;
    const line = await ask(title, `Paste t.me/${store.bot.username}?start=… or only what follows the equals sign.`, "Link or code", "Open");
    if (line && !acts.link(line)) store.show(store.me.id).then(() => acts.start(line));
  },

  async become(key) {
    if (key === store.me.key) return;
    store.open = { chatId: store.chat.type === "private" ? 0 : store.open.chatId, threadId: store.open.threadId };
    await store.load(key);
    sidebar.toggle(false);
  },

  async open(chatId, threadId) {
    await store.show(chatId, threadId);
    sidebar.toggle(false);
  },
};

const list = new MessageList(store, acts);
const composer = new Composer(store, acts);
const sidebar = new Sidebar(store, acts);
const header = new Header(store, acts);

function drawChat() {
  sidebar.draw();
  header.draw();
  composer.draw();
  list.draw();
  drawPinned();
  store.markRead();
  composer.focus();
}

function drawPinned() {
  const bar = document.getElementById("pinned");
  const message = store.find(store.chat.pinned?.at(-1));
  bar.hidden = !message || message.deleted;
  if (message) bar.replaceChildren(h("button", { type: "button", onclick: () => list.reveal(message.message_id) }, h("strong", {}, "Pinned"), gist(message)));
}

function isOpen(chatId, threadId) {
  return chatId === store.open.chatId && (store.open.threadId === null || store.open.threadId === (threadId ?? null));
}

store.addEventListener("loaded", drawChat);
store.addEventListener("opened", drawChat);
store.addEventListener("commands", () => composer.complete());
store.addEventListener("read", () => {
  sidebar.draw();
  header.draw();
});
store.addEventListener("changed", ({ detail: { type, message } }) => {
  if (isOpen(message.chat.id, message.message_thread_id)) {
    list.take(type, message);
    if (type === "message" && message.from_bot && message.reply_markup?.force_reply) composer.replyTo(message);
    header.say(null);
    drawPinned();
    if (list.atEnd && document.hasFocus()) store.markRead();
  }
  sidebar.draw();
  header.draw();
});
store.addEventListener("action", ({ detail }) => {
  if (!isOpen(detail.chat_id, detail.thread_id)) return;
  header.say(DOING[detail.action] || "working…");
  list.showTyping();
  setTimeout(() => header.say(null), 5000);
});
store.addEventListener("answer", ({ detail }) => takeAnswer(detail));
store.addEventListener("chat", () => {
  header.draw();
  composer.draw();
  drawPinned();
});
store.addEventListener("connection", () => store.chat && header.say(null));
addEventListener("focus", () => store.chat && list.atEnd && store.markRead());

/** Show the answer to a tap that was made on this page; an answer can be here before the tap's own request is done. */
function takeAnswer(detail) {
  if (!list.answered(detail.query_id)) {
    if (early.size > 50) early.clear();
    early.set(detail.query_id, detail);
    return;
  }
  if (detail.text && detail.show_alert) alertBox("The bot says", h("p", {}, detail.text));
  else if (detail.text) toast(detail.text);
  if (detail.url) window.open(detail.url, "_blank", "noopener");
}

const asked = new URLSearchParams(location.search);
await store.load(asked.get("as") || undefined);
if (asked.has("start")) {
  history.replaceState(null, "", "/");
  await acts.start(asked.get("start"));
}
