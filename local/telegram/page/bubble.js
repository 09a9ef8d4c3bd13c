// One message as a row: picture, bubble, buttons beneath it, and what can be done with it.
import { fileUrl, photoUrl } from "./api.js";
import { avatar, h, icon, iconButton } from "./dom.js";
import { richNodes } from "./rich.js";
import { textNodes } from "./text.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/**
 * Make the row of a message.
 *
 * @param {object} message as `/_people` gives it
 * @param {{me: object, isGroup: boolean, topics: object, showsTopic: boolean}} around
 * @param {object} acts what taps do
 */
export function messageRow(message, around, acts) {
  const note = serviceNote(message);
  if (note) return h("li.service", { "data-id": message.message_id }, h("span", {}, note));
  const mine = message.from.id === around.me.id;
  const row = h(`li.row.${mine ? "mine" : "theirs"}`, {
    "data-id": message.message_id,
    "data-author": message.from.id,
    "data-date": message.date,
    tabindex: "-1",
    "aria-label": `${mine ? "You" : message.from.first_name}, ${CLOCK.format(message.date * 1000)}`,
  });
  if (around.isGroup && !mine) row.classList.add("pictured");
  row.append(h("div.stack", {}, bubble(message, around, mine, acts), keyboard(message, acts), reactions(message, acts)));
  row.append(h("div.tools", {},
    iconButton("reply", "Reply", () => acts.reply(message)),
    message.from_bot && iconButton("copy", "Copy text", () => acts.copy(message)),
    iconButton("dots", "More", (event) => acts.menu(message, event.currentTarget))));
  return row;
}

/** The first words of a message, for quotes, lists and notices. */
export function gist(message) {
  if (message.plain) return message.plain;
  if (message.document) return message.document.file_name;
  if (message.photo) return "Photo";
  if (message.voice) return `Voice note, ${message.voice.duration} s`;
  if (message.sticker) return `${message.sticker.emoji} Sticker`;
  return serviceNote(message) || "Message";
}

function serviceNote(message) {
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.migrate_from_chat_id) return "This is the supergroup that the group became";
  return null;
}

function bubble(message, around, mine, acts) {
  const topic = around.showsTopic && around.topics[message.message_thread_id];
  const plainSticker = message.sticker && !around.isGroup;
  const box = h(`div.bubble${message.rich_message ? ".rich" : ""}${plainSticker ? ".bare" : ""}`);
  if (around.isGroup && !mine) {
    const { first_name: first, last_name: last = "", id } = message.from;
    box.append(avatar(message.from_bot ? "bot" : "person", `${first} ${last}`, id));
    box.append(h(`div.author.hue-${message.from_bot ? "bot" : Math.abs(message.from.id) % 5}`, {}, message.from.first_name));
  }
  if (topic) box.append(h("div.topic", {}, `# ${topic}`));
  if (message.reply_to_message && !message.reply_to_message.forum_topic_created) box.append(quote(message.reply_to_message, acts));
  if (message.document) box.append(documentCard(message.document));
  if (message.photo) box.append(photoCard(message.photo.at(-1), message.caption));
  if (message.voice) box.append(voiceCard(message.voice));
  if (message.sticker) box.append(h("div.sticker", { role: "img", "aria-label": "Sticker" }, message.sticker.emoji));
  const body = message.rich_message
    ? h("div.body", {}, richNodes(message.rich_message.blocks, acts))
    : h("div.body", {}, textNodes(message.text ?? message.caption ?? "", message.entities ?? message.caption_entities, acts));
  if (message.rich_message || message.text || message.caption) box.append(body);
  (body.isConnected || body.parentNode ? body : box).append(meta(message, acts));
  return box;
}

function meta(message, acts) {
  const edited = message.edit_date && h("button.edited", {
    type: "button", title: `Edited ${message.edits} times: show each state`, onclick: () => acts.history(message),
  }, "edited");
  const stamp = new Date(message.date * 1000);
  return h("span.meta", {}, edited, h("time", { datetime: stamp.toISOString(), title: stamp.toLocaleString() }, CLOCK.format(stamp)));
}

function quote(original, acts) {
  return h("button.quoted", { type: "button", onclick: () => acts.jump(original.message_id) },
    h("span.quoted-author", {}, original.from?.first_name || "Message"),
    h("span.quoted-text", {}, gist({ plain: original.text || original.caption || "", ...original })));
}

function documentCard(file) {
  const extension = file.file_name.includes(".") ? file.file_name.split(".").pop().slice(0, 4) : "file";
  return h("a.document", { href: fileUrl(file.file_id), download: file.file_name, title: `Download ${file.file_name}` },
    h("span.document-icon", {}, icon("file"), h("span", {}, extension)),
    h("span.document-words", {}, h("span.document-name", {}, file.file_name), h("span.document-size", {}, size(file.file_size))),
    icon("download"));
}

function photoCard(photo, caption) {
  const url = photoUrl(photo.file_id);
  return h("a.photo", { href: url, target: "_blank", rel: "noopener", title: "Open the picture" },
    h("img", { src: url, width: photo.width, height: photo.height, alt: caption || "Photo" }));
}

function voiceCard(voice) {
  const bars = [5, 9, 14, 8, 16, 11, 6, 13, 18, 10, 7, 15, 9, 5, 12, 8].map((height) => h(`i.bar-${height}`));
  return h("div.voice", {}, icon("mic"), h("span.wave", { "aria-hidden": "true" }, bars), h("span", {}, `0:${String(voice.duration).padStart(2, "0")}`));
}

function keyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard || [];
  if (!rows.length) return null;
  let number = 0;
  return h("div.keyboard", { role: "group", "aria-label": "Buttons of this message" }, rows.map((row) => h("div.keys", {}, row.map((button) => {
    const index = number;
    number += 1;
    const mark = button.url ? icon("link") : button.copy_text ? icon("copy") : null;
    return h(`button.key${button.style ? `.${button.style}` : ""}`, {
      type: "button",
      "data-index": index,
      "data-label": button.text,
      disabled: Boolean(button.disabled),
      onclick: (event) => acts.tap(message, index, event.currentTarget),
    }, h("span", {}, button.text), mark);
  }))));
}

function reactions(message, acts) {
  if (!message.reactions.length) return null;
  const counts = new Map();
  for (const { emoji } of message.reactions) counts.set(emoji, (counts.get(emoji) || 0) + 1);
  return h("div.reactions", {}, [...counts].map(([emoji, count]) => h("button.reaction", {
    type: "button", title: "React the same way", onclick: () => acts.react(message, emoji),
  }, emoji, count > 1 ? ` ${count}` : "")));
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
