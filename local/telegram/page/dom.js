// Elements, made from plain values: nothing that anybody wrote is ever read as HTML.

/**
 * Make an element.
 *
 * @param {string} tag "div", or "div.class.another"
 * @param {Object<string, any>} props attributes; `on…` functions become listeners, `null` and `false` are left out
 * @param {...(Node|string|null|false|Array)} children
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6l1-7Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  dots: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  down: "M6 10l6 6 6-6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M4 20l1-4L16.5 4.5l3 3L8 19l-4 1Z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4.5l3 2",
  link: "M10 6H5v13h13v-5M13 4h7v7M20 4l-9 9",
  menu: "M4 7h16M4 12h16M4 17h10",
  mic: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3ZM6 11a6 6 0 0 0 12 0M12 17v3",
  pin: "M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7",
  reply: "M10 6L4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12Z",
  slash: "M15 5L9 19",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01",
  stop: "M5.6 5.6l12.8 12.8M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

/** Make one of our line icons. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Make a button that shows an icon and says its name to those who can't see it. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/** Make the round picture of a person, a group or the bot. */
export function avatar(kind, name, seed = 0) {
  if (kind === "bot") return h("span.avatar.bot", { "aria-hidden": "true" }, h("img", { src: "/page/icon.svg", alt: "" }));
  const initials = name.split(/[\s&]+/).map((word) => word[0] || "").join("").slice(0, 2).toUpperCase();
  return h(`span.avatar.hue-${Math.abs(seed) % 5}`, { "aria-hidden": "true" }, initials);
}

/** Copy text, also where the page is not served securely; give whether it worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea.visually-hidden", {}, text);
    document.body.append(field);
    field.select();
    const worked = document.execCommand("copy");
    field.remove();
    return worked;
  }
}
