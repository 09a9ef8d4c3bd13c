// What comes and goes above the chat: toasts, alerts, questions, menus.
import { h, icon } from "./dom.js";

/** Show a few words for a few seconds. */
export function toast(text) {
  const note = h("p.toast", {}, text);
  const shelf = document.getElementById("toasts");
  shelf.append(note);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  setTimeout(() => note.classList.add("leaving"), Math.max(2600, text.length * 55));
  note.addEventListener("animationend", (event) => event.animationName === "toast-out" && note.remove());
}

/** Show words that must be closed. */
export function alertBox(title, ...content) {
  const box = h("dialog.box", { "aria-label": title },
    h("div.box-content", {}, content),
    h("form", { method: "dialog" }, h("button.primary", { autofocus: true }, "OK")));
  open(box);
}

/** Ask for one line; give it, or null. */
export function ask(title, explanation, placeholder, action) {
  return new Promise((resolve) => {
    const field = h("input", { name: "line", placeholder, autofocus: true, autocomplete: "off", spellcheck: "false" });
    const box = h("dialog.box", { "aria-label": title },
      h("form", { method: "dialog", onsubmit: () => { box.returnValue = field.value.trim(); } },
        h("h2", {}, title), h("p", {}, explanation), field,
        h("div.box-buttons", {},
          h("button", { type: "button", onclick: () => box.close("") }, "Cancel"),
          h("button.primary", { type: "submit" }, action))));
    box.addEventListener("close", () => resolve(field.value.trim() && box.returnValue ? field.value.trim() : null));
    open(box);
  });
}

/**
 * Show a menu near a point or an element.
 *
 * @param {Array<{icon: string, label: string, act: () => void, danger?: boolean}|{emojis: string[], act: Function}>} entries
 * @param {{x: number, y: number, above?: number}} at where its corner is, and where its end is if there is no room below
 */
export function menu(entries, at) {
  document.querySelector(".menu")?.remove();
  const rows = entries.filter(Boolean).map((entry) => {
    if (entry.emojis) {
      const each = (emoji) => h("button", { type: "button", role: "menuitem", onclick: () => pick(() => entry.act(emoji)) }, emoji);
      return h("div.menu-emojis", { role: "group", "aria-label": "Reactions" }, entry.emojis.map(each));
    }
    return h(entry.danger ? "button.danger" : "button", { type: "button", role: "menuitem", onclick: () => pick(entry.act) },
      icon(entry.icon), entry.label);
  });
  const box = h("div.menu", { role: "menu", popover: "auto" }, rows);
  const pick = (act) => {
    box.hidePopover();
    act();
  };
  document.body.append(box);
  box.showPopover();
  const { offsetWidth: width, offsetHeight: height } = box;
  box.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, at.y + height > innerHeight - 8 ? (at.above ?? at.y) - height : at.y)}px`;
  const items = [...box.querySelectorAll("button")];
  items[0]?.focus();
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  box.addEventListener("toggle", (event) => event.newState === "closed" && box.remove());
}

/** The point at which a menu of a button opens. */
export function below(button) {
  const { left, top, bottom } = button.getBoundingClientRect();
  return { x: left, y: bottom + 4, above: top - 4 };
}

function open(box) {
  document.body.append(box);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close(""));
  box.showModal();
  box.scrollTop = 0; // the focus is on the button at its end
}
