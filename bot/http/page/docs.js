// The page is made from the OpenAPI document alone: what is served is what can be tried.

const METHODS = ["get", "post", "put", "patch", "delete"];
const keyInput = document.getElementById("key");
keyInput.value = sessionStorage.getItem("key") ?? "";
keyInput.addEventListener("input", () => sessionStorage.setItem("key", keyInput.value.trim()));
document.getElementById("key-form").addEventListener("submit", (event) => event.preventDefault());

const api = await (await fetch("/api/v1/openapi.json")).json();
document.getElementById("about").replaceChildren(...words(api.info.description));
const main = document.getElementById("routes");
main.replaceChildren();
for (const { name } of api.tags) {
  const heading = document.createElement("h2");
  heading.textContent = name;
  main.append(heading);
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((it) => methods[it]?.tags.includes(name))) {
      main.append(card(method.toUpperCase(), path, methods[method]));
    }
  }
}

// What stands between backquotes is code; nothing else is marked up.
function words(text) {
  return text.split("`").map((part, index) => {
    if (index % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}

function card(method, path, operation) {
  const element = document.getElementById("route").content.cloneNode(true).firstElementChild;
  const [verb, where, summary] = element.querySelector("summary").children;
  verb.textContent = method;
  where.textContent = path;
  summary.textContent = operation.summary;
  const description = element.querySelector(".description");
  description.replaceChildren(...words(operation.description ?? ""));
  description.hidden = !operation.description;
  const fields = element.querySelector(".fields");
  for (const parameter of operation.parameters) fields.append(field(parameter));
  if (operation.requestBody) fields.append(bodyField(operation.requestBody));
  element.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(method, path, operation, element);
  });
  return element;
}

function field({ name, in: place, required, description, schema }) {
  const input = schema.enum ? choice(schema.enum) : document.createElement("input");
  if (!schema.enum) input.placeholder = schema.default ?? schema.examples?.[0] ?? "";
  input.required = required && place === "path";
  return labelled(input, name, place, description);
}

function choice(values) {
  const select = document.createElement("select");
  for (const value of ["", ...values]) select.append(new Option(value, value));
  return select;
}

function bodyField({ content }) {
  const [type, { schema }] = Object.entries(content)[0];
  const area = document.createElement("textarea");
  area.spellcheck = false;
  const example = resolve(schema).examples?.[0];
  area.value = type === "application/json" ? JSON.stringify(example ?? skeleton(schema), null, 2) : "";
  area.dataset.type = type;
  return labelled(area, "body", "body", type);
}

function labelled(input, name, place, about = "") {
  const label = document.createElement("label");
  const title = document.createElement("span");
  const code = document.createElement("code");
  const note = document.createElement("small");
  code.textContent = name;
  note.textContent = ` ${about || place}`;
  title.append(code, note);
  input.name = name;
  input.dataset.in = place;
  label.append(title, input);
  return label;
}

function resolve(schema) {
  return schema.$ref ? api.components.schemas[schema.$ref.split("/").at(-1)] : schema;
}

function skeleton(schema) {
  const { properties = {}, required = [] } = resolve(schema);
  return Object.fromEntries(required.map((name) => [name, properties[name].type === "integer" ? 5 : ""]));
}

async function send(method, path, operation, element) {
  const headers = operation.security.length ? { Authorization: `Bearer ${keyInput.value.trim()}` } : {};
  const query = new URLSearchParams();
  let body;
  for (const input of element.querySelectorAll("[data-in]")) {
    const { name, value } = input;
    if (input.dataset.in === "body") {
      body = value;
      headers["Content-Type"] = input.dataset.type;
    } else if (value === "") continue;
    else if (input.dataset.in === "path") {
      path = path.replace(`{${name}}`, value.split("/").map(encodeURIComponent).join("/"));
    } else if (input.dataset.in === "query") query.set(name, value);
    else headers[name] = value;
  }
  const url = query.size ? `${path}?${query}` : path;
  showCurl(element.querySelector(".curl"), method, url, headers, body);
  const output = element.querySelector("output");
  const [status, text] = output.children;
  output.hidden = false;
  status.textContent = "…";
  text.textContent = "";
  const controller = new AbortController();
  const stop = element.querySelector(".stop");
  stop.onclick = () => controller.abort();
  try {
    const response = await fetch(url, { method, headers, body, signal: controller.signal });
    status.textContent = `${response.status} ${response.statusText}`;
    const type = response.headers.get("Content-Type") ?? "";
    if (type.startsWith("text/event-stream")) await stream(response, text, stop);
    else text.textContent = type.includes("json") ? JSON.stringify(await response.json(), null, 2) : await response.text();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = String(error);
  } finally {
    stop.hidden = true;
  }
}

async function stream(response, text, stop) {
  stop.hidden = false;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text.textContent += chunk;
    text.scrollTop = text.scrollHeight;
  }
}

function showCurl(element, method, url, headers, body) {
  const shown = { ...headers };
  if (shown.Authorization) shown.Authorization = "Bearer $KEY";
  const quote = (value) => `'${value.replaceAll("'", "'\\''")}'`;
  const lines = [`curl -X ${method} "${location.origin}${url}"`];
  for (const [name, value] of Object.entries(shown)) lines.push(`  -H "${name}: ${value}"`);
  if (body !== undefined) lines.push(`  -d ${quote(body)}`);
  element.textContent = lines.join(" \\\n");
  element.hidden = false;
}
