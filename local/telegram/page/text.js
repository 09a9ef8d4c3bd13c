// Plain text with entities, as nodes. Offsets are UTF-16 code units, which is what JavaScript counts in.
import { copy, h, iconButton } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", marked: "mark",
  subscript: "sub", superscript: "sup", blockquote: "blockquote",
};

/**
 * Render text.
 *
 * @param {string} text
 * @param {Array} entities Bot API MessageEntity objects
 * @param {object} acts what taps do: `command(text)`, `mention(name)`, `link(url)` (true if it took the link), `toast(text)`
 * @returns {Array<Node|string>}
 */
export function textNodes(text, entities = [], acts) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(0, text.length, sorted);

  function range(start, end, inside) {
    const nodes = [];
    let at = start;
    for (let n = 0; n < inside.length; n += 1) {
      const entity = inside[n];
      if (entity.offset < at) continue;
      const stop = Math.min(entity.offset + entity.length, end);
      if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
      const nested = inside.slice(n + 1).filter((e) => e.offset >= entity.offset && e.offset + e.length <= stop);
      nodes.push(marked(entity, text.slice(entity.offset, stop), range(entity.offset, stop, nested), acts));
      at = entity.type.endsWith("blockquote") && text[stop] === "\n" ? stop + 1 : stop; // it ends its line by itself
    }
    if (at < end) nodes.push(text.slice(at, end));
    return nodes;
  }
}

/** Render one marked piece; used for rich text too, whose marks have the same names. */
export function marked(mark, words, children, acts) {
  switch (mark.type) {
    case "bot_command":
      return h("button.inline-link.command", { type: "button", onclick: () => acts.command(words) }, words);
    case "mention":
      return h("button.inline-link", { type: "button", onclick: () => acts.mention(words) }, words);
    case "url":
    case "text_link":
      return link(mark.url || (words.includes("://") ? words : `https://${words}`), children, acts);
    case "email":
    case "email_address":
      return link(`mailto:${words}`, children, acts);
    case "hashtag":
      return h("span.hashtag", {}, words);
    case "code":
      return h("code", { title: "Click to copy", onclick: () => copied(words, acts) }, children);
    case "pre":
      return codeBlock(words, mark.language, acts);
    case "spoiler":
      return spoiler(children);
    case "expandable_blockquote":
      return h("details.quote", {}, h("summary", {}, words.split("\n")[0]), h("blockquote", {}, children));
    default:
      return TAGS[mark.type] ? h(TAGS[mark.type], {}, children) : h("span", {}, children);
  }
}

/** A link, if its address is one that is safe to open; else just its words. */
export function link(url, children, acts) {
  if (!/^(https?:\/\/|mailto:|tg:\/\/)/i.test(url)) return h("span", { title: url }, children);
  const onclick = (event) => {
    if (acts.link(url)) event.preventDefault();
  };
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick }, children);
}

/** Code on its own, with its language and a button that copies it. */
export function codeBlock(words, language, acts) {
  return h("figure.code", {},
    h("figcaption", {}, h("span", {}, language || "text"), iconButton("copy", "Copy the code", () => copied(words, acts))),
    h("pre", { tabindex: "0" }, h("code", {}, words)));
}

function spoiler(children) {
  const node = h("button.spoiler", { type: "button", "aria-label": "Hidden text: tap to show" }, children);
  node.addEventListener("click", () => node.classList.add("shown"));
  return node;
}

async function copied(words, acts) {
  acts.toast((await copy(words)) ? "Copied" : "Could not copy");
}
