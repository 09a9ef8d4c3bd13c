// The list of messages: in order, grouped, by day; and a scroll position that belongs to the reader.
import { messageRow } from "./bubble.js";
import { avatar, h, icon } from "./dom.js";

const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const GROUPED_FOR = 300; // seconds within which messages of one author stand together
const NEAR = 90; // pixels from the end that count as reading the end
const SUGGESTIONS = [
  "Write homepage copy for Yaz Automate",
  "Draft a welcome email sequence for Yaz Automate",
  "/skills",
];

export class MessageList {
  #scroller = document.getElementById("scroller");
  #list = document.getElementById("messages");
  #jump = document.getElementById("jump");
  #typing = h("li.row.theirs.typing", { hidden: true }, h("div.stack", {}, h("div.bubble", { "aria-label": "typing" }, h("i"), h("i"), h("i"))));
  #typingEnds = 0;
  #missed = 0;
  #waiting = new Map(); // query id → the label and message of the button that was tapped
  #atEnd = true;

  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    this.#jump.append(icon("down"), h("span.badge", { hidden: true }));
    this.#jump.setAttribute("aria-label", "Go to the newest message");
    this.#jump.addEventListener("click", () => this.toEnd(true));
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.#list);
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.#scroller);
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    swipes(this.#list, (id) => this.acts.reply(this.store.find(id)));
    this.#list.addEventListener("contextmenu", (event) => {
      const row = event.target.closest(".row[data-id]");
      if (!row || event.target.closest("a") || String(getSelection())) return;
      event.preventDefault();
      this.acts.menu(this.store.find(Number(row.dataset.id)), { x: event.clientX, y: event.clientY });
    });
  }

  /** Show the open chat from scratch. */
  draw() {
    this.#missed = 0;
    const messages = this.store.list();
    this.#list.replaceChildren(...messages.map((message) => this.#row(message)), this.#typing);
    if (!messages.length) this.#list.prepend(this.#empty());
    this.hideTyping();
    this.#arrange();
    this.toEnd();
  }

  /** Take in one message that is new, or has changed. */
  take(kind, message) {
    const old = this.#find(message.message_id);
    if (kind === "delete") {
      old?.remove();
      if (!this.store.list().length) this.draw();
    } else if (old) {
      const focused = old.contains(document.activeElement) ? document.activeElement.dataset.label : null;
      const fresh = this.#row(message);
      old.replaceWith(fresh);
      if (focused) [...fresh.querySelectorAll(".key")].find((key) => key.dataset.label === focused)?.focus({ preventScroll: true });
    } else {
      if (message.from_bot) this.hideTyping();
      this.#list.querySelector(".empty")?.remove();
      const row = this.#row(message);
      row.classList.add("arriving");
      this.#list.insertBefore(row, this.#typing);
      if (message.from.id === this.store.me.id) this.#atEnd = true;
      else if (!this.#atEnd) this.#missed += 1;
    }
    this.#arrange();
    if (this.#atEnd) this.toEnd();
    this.#showJump();
  }

  /** Show for five seconds that the bot is at work. */
  showTyping() {
    clearTimeout(this.#typingEnds);
    this.#typing.hidden = false;
    if (this.#atEnd) this.toEnd();
    this.#typingEnds = setTimeout(() => this.hideTyping(), 5000);
  }

  hideTyping() {
    clearTimeout(this.#typingEnds);
    this.#typing.hidden = true;
  }

  get atEnd() {
    return this.#atEnd;
  }

  toEnd(smooth = false) {
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  /** Bring a message into view and let it glow. */
  reveal(id) {
    const row = this.#find(id);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.remove("glowing");
    requestAnimationFrame(() => row.classList.add("glowing"));
  }

  /** Keep a button busy until the bot answers, and for 15 seconds at most. */
  wait(queryId, message, index) {
    this.#waiting.set(queryId, { id: message.message_id, index });
    this.#markBusy();
    setTimeout(() => this.answered(queryId), 15_000);
  }

  /** Free a button; give whether it was tapped on this page. */
  answered(queryId) {
    const button = this.#waiting.get(queryId);
    if (!button) return false;
    this.#waiting.delete(queryId);
    const key = this.#key_of(button);
    key?.classList.remove("busy");
    key?.classList.add("done");
    setTimeout(() => key?.classList.remove("done"), 600);
    return true;
  }

  #row(message) {
    const { me, chat, open } = this.store;
    const around = { me, isGroup: chat.type !== "private", topics: chat.topics, showsTopic: chat.is_forum && open.threadId === null };
    return messageRow(message, around, this.acts);
  }

  #find(id) {
    return this.#list.querySelector(`[data-id="${id}"]`);
  }

  #key_of({ id, index }) {
    return this.#find(id)?.querySelector(`.key[data-index="${index}"]`);
  }

  #markBusy() {
    for (const button of this.#waiting.values()) this.#key_of(button)?.classList.add("busy");
  }

  /** Group rows of one author, and put the day above the first of each day. */
  #arrange() {
    this.#list.querySelectorAll(".day").forEach((day) => day.remove());
    let before = null;
    for (const row of this.#list.querySelectorAll("[data-id]")) {
      const date = new Date(Number(row.dataset.date || 0) * 1000);
      const sameDay = before && new Date(Number(before.dataset.date) * 1000).toDateString() === date.toDateString();
      if (row.dataset.date && !sameDay) row.before(h("li.day", {}, h("span", {}, dayName(date))));
      const together = sameDay && before.dataset.author === row.dataset.author
        && row.dataset.date - before.dataset.date < GROUPED_FOR;
      row.classList.toggle("first", !together);
      before?.classList.toggle("last", !together);
      if (row.dataset.date) before = row;
    }
    before?.classList.add("last");
    this.#markBusy();
  }

  #empty() {
    const { chat, bot } = this.store;
    const suggest = (text) => h("button.suggestion", { type: "button", onclick: () => this.acts.send(text) }, text);
    if (chat.type !== "private") {
      return h("li.empty", {}, avatar("group", chat.title, chat.id), h("h2", {}, chat.title),
        h("p", {}, "In a group the bot hears its name, replies to it, and commands."),
        suggest(`@${bot.username} ${SUGGESTIONS[0].toLowerCase()}`));
    }
    return h("li.empty", {}, avatar("bot", bot.first_name), h("h2", {}, bot.first_name),
      h("p", {}, "One line in, copy in your client’s voice out. Try one of these, or write your own."),
      SUGGESTIONS.map(suggest),
      h("button.primary", { type: "button", onclick: () => this.acts.start("") }, "Start"));
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#atEnd) {
      this.#missed = 0;
      this.acts.read();
    }
    this.#showJump();
  }

  #showJump() {
    this.#jump.hidden = this.#atEnd;
    const badge = this.#jump.querySelector(".badge");
    badge.hidden = !this.#missed;
    badge.textContent = this.#missed;
  }

  #key(event) {
    const row = event.target.closest(".row[data-id]");
    if (!row || event.target !== row) return;
    const message = this.store.find(Number(row.dataset.id));
    const rows = [...this.#list.querySelectorAll(".row[data-id]")];
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const act = { r: () => this.acts.reply(message), e: () => this.acts.edit(message), c: () => this.acts.copy(message) }[event.key];
    if (step) rows[rows.indexOf(row) + step]?.focus();
    else if (event.key === "Enter") this.acts.menu(message, row.querySelector(".tools button:last-child"));
    else if (act && !event.ctrlKey && !event.metaKey) act();
    else return;
    event.preventDefault();
  }

  /** Put the keyboard's focus on the newest message. */
  focusLast() {
    [...this.#list.querySelectorAll(".row[data-id]")].at(-1)?.focus();
  }
}

function dayName(date) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : DAY.format(date);
}

/** Let a finger pull a row to the left to reply to it. */
function swipes(list, onReply) {
  let row = null;
  let from = null;
  list.addEventListener("touchstart", (event) => {
    row = event.target.closest(".row[data-id]");
    from = event.target.closest(".table, pre") ? null : event.touches[0];
  }, { passive: true });
  list.addEventListener("touchmove", (event) => {
    if (!row || !from) return;
    const [dx, dy] = [event.touches[0].clientX - from.clientX, event.touches[0].clientY - from.clientY];
    if (Math.abs(dy) > 24) row.style.translate = "";
    else if (dx < -12) row.style.translate = `${Math.max(dx, -72)}px`;
  }, { passive: true });
  list.addEventListener("touchend", () => {
    if (!row) return;
    if (parseFloat(row.style.translate || "0") < -56) onReply(Number(row.dataset.id));
    row.style.translate = "";
    row = null;
  });
}
