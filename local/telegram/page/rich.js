// Rich messages: blocks in, nodes out.
import { h } from "./dom.js";
import { codeBlock, link, marked } from "./text.js";

/** Render the blocks of a rich message. */
export function richNodes(blocks, acts) {
  return blocks.map((block) => blockNode(block, acts)).filter(Boolean);
}

function blockNode(block, acts) {
  const text = () => richText(block.text, acts);
  switch (block.type) {
    case "heading":
      // The page has headings of its own, so those of a message begin lower.
      return h(`h${Math.min(block.size + 2, 6)}.size-${block.size}`, {}, text());
    case "list":
      return listNode(block, acts);
    case "table":
      return tableNode(block, acts);
    case "pre":
      return codeBlock(words(block.text), block.language, acts);
    case "blockquote":
      return h("blockquote", {}, richNodes(block.blocks, acts), credit(block, acts));
    case "expandable_blockquote":
      return h("details.quote", {}, h("summary", {}, "Quote"), h("blockquote", {}, text(), credit(block, acts)));
    case "pullquote":
      return h("blockquote.pull", {}, text(), credit(block, acts));
    case "details":
      return h("details", { open: Boolean(block.is_open) },
        h("summary", {}, richText(block.summary, acts)), richNodes(block.blocks, acts));
    case "divider":
      return h("hr");
    case "mathematical_expression":
      return h("pre.math", {}, block.expression);
    case "footer":
      return h("p.footer", {}, text());
    case "thinking":
    case "paragraph":
      return h("p", {}, text());
    default:
      return block.blocks ? h("div", {}, richNodes(block.blocks, acts)) : null;
  }
}

function listNode(block, acts) {
  const ordered = block.items.some((item) => item.type || item.value);
  const items = block.items.map((item) => {
    const box = item.has_checkbox && h("input", { type: "checkbox", disabled: true, checked: Boolean(item.is_checked) });
    return h(box ? "li.task" : "li", { value: ordered ? item.value : null }, box, richNodes(item.blocks, acts));
  });
  return h(ordered ? "ol" : "ul", {}, items);
}

function tableNode(block, acts) {
  const rows = block.cells.map((row) => h("tr", {}, row.map((cell) => h(
    `${cell.is_header ? "th" : "td"}.align-${cell.align}`,
    { colspan: cell.colspan, rowspan: cell.rowspan },
    richText(cell.text || "", acts),
  ))));
  return h("div.table", { tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {},
    block.caption && h("caption", {}, richText(block.caption, acts)), h("tbody", {}, rows)));
}

function credit(block, acts) {
  return block.credit ? h("cite", {}, richText(block.credit, acts)) : null;
}

function richText(text, acts) {
  if (typeof text === "string") return [text];
  if (Array.isArray(text)) return text.flatMap((part) => richText(part, acts));
  if (text.type === "url") return [link(text.url, richText(text.text, acts), acts)];
  if (text.type === "mathematical_expression") return [h("code.math", {}, text.expression)];
  return [marked(text, words(text.text), richText(text.text ?? "", acts), acts)];
}

/** The words of a rich text without its marks. */
export function words(text) {
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(words).join("");
  return words(text?.text ?? text?.expression ?? "");
}
