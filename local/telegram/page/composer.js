// Where people write: text, commands with completion, replies, edits, files.
import { gist } from "./bubble.js";
import { h, icon, iconButton } from "./dom.js";
import { below, menu } from "./notices.js";

const FINGER = matchMedia("(pointer: coarse)");
const STICKERS = ["👋", "👍", "🎉", "🙏", "🤔", "🚀"];

export class Composer {
  #root = document.getElementById("composer");
  #field = h("textarea", { rows: "1", "aria-label": "Message", "aria-controls": "completions", autocomplete: "off" });
  #files = h("input", { type: "file", hidden: true, tabindex: "-1", "aria-label": "Choose a file" });
  #context = h("div.context", { hidden: true });
  #completions = h("ul.completions", { id: "completions", role: "listbox", "aria-label": "Commands", hidden: true });
  #send = iconButton("send", "Send", () => this.#submit(), { class: "icon-button send" });
  #about = { kind: "new", message: null, file: null };
  #chosen = 0;
  #drafts = new Map();
  #place = "";

  constructor(store, acts) {
    this.store = store;
    this.acts = acts;
    const attach = iconButton("clip", "Attach", (event) => this.#attach(event.currentTarget));
    const commands = iconButton("slash", "Commands", () => this.#toggleCommands(), { class: "icon-button slash" });
    const restart = h("button.primary.restart", { type: "button", onclick: () => acts.start("") }, "Start the bot again");
    this.#root.append(this.#completions, this.#context,
      h("div.writing", {}, commands, this.#field, attach, this.#send), restart, this.#files);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("paste", (event) => {
      const [file] = event.clipboardData.files;
      if (file) this.attachFile(file);
    });
    this.#files.addEventListener("change", () => {
      if (this.#files.files[0]) this.attachFile(this.#files.files[0]);
      this.#files.value = "";
    });
    this.#drop();
  }

  /** Show what belongs to the open chat: its draft, or the way back to a bot that was stopped. */
  draw() {
    const { chatId, threadId } = this.store.open;
    const place = `${this.store.me.key}/${chatId}/${threadId}`;
    if (place !== this.#place) {
      // What was typed while the page was loading belongs to the first place.
      if (this.#place) {
        this.#drafts.set(this.#place, this.#field.value);
        this.#field.value = this.#drafts.get(place) || "";
      }
      this.#place = place;
      this.#setAbout({ kind: "new" });
      this.#typed();
    }
    this.#root.classList.toggle("blocked", Boolean(this.store.chat.blocked));
    this.#field.placeholder = this.store.chat.type === "private" ? "Message" : "Message the group";
  }

  focus() {
    if (!FINGER.matches) this.#field.focus();
  }

  /** Write words into the field where the caret is. */
  insert(words) {
    this.#field.setRangeText(words, this.#field.selectionStart, this.#field.selectionEnd, "end");
    this.#typed();
    this.#field.focus();
  }

  replyTo(message) {
    this.#setAbout({ kind: "reply", message });
    this.#field.focus();
  }

  edit(message) {
    this.#setAbout({ kind: "edit", message });
    this.#field.value = message.text || "";
    this.#typed();
    this.#field.focus();
  }

  attachFile(file) {
    this.#setAbout({ ...this.#about, kind: "file", file });
    this.#field.focus();
  }

  #setAbout({ kind, message = null, file = null }) {
    this.#about = { kind, message, file };
    this.#context.hidden = kind === "new";
    const [name, title, words] = {
      new: ["reply", "", ""],
      reply: ["reply", `Reply to ${message?.from.first_name}`, message && gist(message)],
      edit: ["edit", "Edit message", message && gist(message)],
      file: ["file", file?.name, "Add a caption, or just send"],
    }[kind];
    this.#context.replaceChildren(icon(name),
      h("div", {}, h("strong", {}, title), h("span", {}, words)),
      iconButton("close", "Cancel", () => this.#cancel()));
    this.#ready();
  }

  #cancel() {
    if (this.#about.kind === "edit") this.#field.value = "";
    this.#setAbout({ kind: "new" });
    this.#typed();
    this.focus();
  }

  async #submit() {
    const text = this.#field.value.trim();
    const { kind, message, file } = this.#about;
    if (!text && kind !== "file") return;
    this.#field.value = "";
    this.#setAbout({ kind: "new" });
    this.#typed();
    const done = await (kind === "file" ? this.acts.upload(file, text, message)
      : kind === "edit" ? this.acts.change(message, text) : this.acts.send(text, message));
    if (!done) {
      this.#field.value = text;
      this.#setAbout({ kind, message, file });
      this.#typed();
    }
  }

  #typed() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight, 168)}px`;
    this.complete();
    this.#ready();
  }

  #ready() {
    this.#send.classList.toggle("ready", Boolean(this.#field.value.trim()) || this.#about.kind === "file");
  }

  #key(event) {
    const open = !this.#completions.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (open && step) this.#choose(this.#chosen + step);
    else if (open && (event.key === "Tab" || event.key === "Enter")) this.#completions.children[this.#chosen].click();
    else if (event.key === "Escape" && open) this.#completions.hidden = true;
    else if (event.key === "Escape" && this.#about.kind !== "new") this.#cancel();
    else if (event.key === "ArrowUp" && !this.#field.value) this.acts.focusMessages();
    else if (event.key === "Enter" && !event.shiftKey && !FINGER.matches) this.#submit();
    else return;
    event.preventDefault();
  }

  #toggleCommands() {
    if (!this.#completions.hidden) {
      this.#completions.hidden = true;
    } else {
      if (!this.#field.value.startsWith("/")) this.#field.value = "/";
      this.#typed();
    }
    this.#field.focus();
  }

  /** Offer the commands that fit what is typed. */
  complete() {
    const typed = /^\/(\w*)$/.exec(this.#field.value);
    const fitting = typed ? this.store.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
    this.#completions.hidden = !fitting.length;
    this.#completions.replaceChildren(...fitting.map(({ command, description }) => h("li", {
      role: "option", onclick: () => this.#command(command), onpointerdown: (event) => event.preventDefault(),
    }, h("strong", {}, `/${command}`), h("span", {}, description))));
    if (fitting.length) this.#choose(0);
  }

  #choose(wanted) {
    const options = [...this.#completions.children];
    this.#chosen = (wanted + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === this.#chosen)));
    options[this.#chosen].scrollIntoView({ block: "nearest" });
  }

  #command(command) {
    const exact = this.#field.value === `/${command}`;
    this.#field.value = `/${command}`;
    if (exact) this.#submit();
    else this.insert(" ");
    this.#completions.hidden = true;
  }

  #attach(button) {
    menu([
      { icon: "file", label: "File…", act: () => this.#files.click() },
      { icon: "mic", label: "Voice note (3 s)", act: () => this.acts.voice() },
      { emojis: STICKERS, act: (emoji) => this.acts.sticker(emoji) },
    ], below(button));
  }

  #drop() {
    const shade = document.getElementById("drop");
    const chat = document.getElementById("chat");
    const carriesFile = (event) => event.dataTransfer.types.includes("Files");
    chat.addEventListener("dragover", (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      shade.hidden = false;
    });
    chat.addEventListener("dragleave", (event) => {
      if (!chat.contains(event.relatedTarget)) shade.hidden = true;
    });
    chat.addEventListener("drop", (event) => {
      event.preventDefault();
      shade.hidden = true;
      if (event.dataTransfer.files[0]) this.attachFile(event.dataTransfer.files[0]);
    });
  }
}
