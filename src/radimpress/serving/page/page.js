// The desk: findings in, draft out. Nothing is stored, and no text goes into an address.
import { describe, title, undescribed } from "./model.js";
import { draw, flags, listen } from "./result.js";
import { ask, Refused, unlock, unreadable } from "./server.js";
import { element } from "./element.js";

const RETRIES = 5;
const find = (id) => document.getElementById(id);
const findings = find("findings"), background = find("background"), heading = find("impression-title");
let examples = [], model = null, drafted = null, busy = false, waiting = 0;

async function start() {
  listen();
  find("draft").addEventListener("submit", (event) => { event.preventDefault(); draft(); });
  find("draft").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    draft();
  });
  find("draft").addEventListener("input", edited);
  find("edit").addEventListener("click", () => { edit(); findings.focus(); });
  find("copy").addEventListener("click", copy);
  find("unlock").addEventListener("submit", (event) => { event.preventDefault(); tryToken(); });
  await load();
}

// What the server tells of itself; where it asks for a token, so does the page.
async function load() {
  try {
    model = await ask("model");
    describe(model);
    examples = await ask("examples");
    offer();
    return true;
  } catch (error) {
    const { locked, wait, title: words, text, next } = told(error);
    undescribed(locked ? "The server tells it to whoever has its token." : `${words} ${text} ${next}`);
    if (locked) lock();
    else if (wait) setTimeout(load, wait * 1000);
    return false;
  }
}

async function draft(tries = 0) {
  if (busy) return;
  clearInterval(waiting);
  const text = { findings: wellFormed(findings.value), background: wellFormed(background.value) };
  if (!text.findings.trim()) {
    complain(new Refused("There are no findings yet.", { next: "Paste them, then draft." }));
    findings.focus();
    return;
  }
  work(true);
  try {
    const answer = await ask("invocations", text.background.trim() ? text : { findings: text.findings });
    const line = draw(answer, text.findings);
    drafted = { ...text, impression: answer.impression };
    settle();
    announce(line);
    if (title(answer.model ?? {}) !== title(model ?? {})) load(); // a newer one took over
  } catch (error) {
    if (error.locked) lock();
    else complain(told(error), tries);
  } finally {
    work(false);
  }
}

// An answer of another shape breaks the drawing of it: to a reader it is one that cannot be read.
function told(error) {
  return error instanceof Refused ? error : unreadable();
}

function work(on) {
  busy = on;
  find("write").setAttribute("aria-disabled", String(on));
  find("write").textContent = on ? "Drafting …" : "Draft impression";
  find("impression").setAttribute("aria-busy", String(on));
  find("waiting").hidden = !on;
  if (!on) return;
  if (find("problem").contains(document.activeElement)) find("write").focus();
  for (const id of ["problem", "empty", "result", "copy"]) find(id).hidden = true;
  announce("Drafting.");
}

// The draft stands: the findings turn into text whose sentences can be marked.
function settle() {
  find("draft").hidden = true;
  find("read").hidden = false;
  find("edit").hidden = false;
  find("legend").open = false;
  const behind = drafted.background.trim();
  find("background-read").textContent = `Background: ${behind}`;
  find("background-read").hidden = !behind;
  edited();
  heading.focus({ preventScroll: true });
  const { top, bottom } = heading.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight * 0.7) heading.scrollIntoView({ block: "start" });
}

function edit() {
  find("draft").hidden = false;
  find("read").hidden = true;
  find("edit").hidden = true;
}

function edited() {
  const text = findings.value;
  const own = text.trim() && !examples.some((each) => each.findings === text);
  find("examples").hidden = own || !examples.length; // they would overwrite what was typed
  find("stale").hidden = !drafted || (drafted.findings === wellFormed(text)
    && drafted.background === wellFormed(background.value));
}

function offer() {
  if (!Array.isArray(examples)) examples = [];
  find("examples").querySelector("ul").replaceChildren(...examples.map((example) => {
    const button = element("button", { type: "button", textContent: example.title });
    button.addEventListener("click", () => {
      if (busy) return;
      findings.value = example.findings;
      draft();
    });
    return element("li", {}, button);
  }));
  edited();
}

function complain({ title, text, next, wait }, tries = RETRIES) {
  const box = find("problem");
  const say = (...words) => box.replaceChildren(element("strong", { textContent: title }), ...words);
  announce("");
  box.hidden = false;
  if (!wait || tries >= RETRIES) {
    say([text, wait ? "Try again in a minute." : next].filter(Boolean).join(" "));
    return;
  }
  let left = wait;
  const seconds = element("span", { textContent: left, attributes: { "aria-hidden": "true" } });
  const stop = element("button", { type: "button", textContent: "Stop trying" });
  say(`${text} Trying again by itself in `, seconds, " s.", element("br"), stop);
  waiting = setInterval(() => {
    left -= 1;
    seconds.textContent = left;
    if (left <= 0) draft(tries + 1);
  }, 1000);
  stop.addEventListener("click", () => {
    clearInterval(waiting);
    say(`${text} Draft again when you like.`);
    find("write").focus();
  });
}

function lock() {
  const form = find("unlock");
  find("token-refused").textContent = form.hidden ? "" : "The token was not accepted. Check it and try again.";
  form.hidden = false;
  find("empty").hidden = drafted !== null;
  announce("");
  find("token").focus();
  find("token").select();
}

async function tryToken() {
  unlock(find("token").value);
  if (!(await load())) return;
  find("unlock").hidden = true;
  find("token").value = "";
  if (findings.value.trim()) draft();
  else findings.focus();
}

async function copy() {
  const text = drafted.impression;
  const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => true, () => copyOldWay(text));
  const marked = flags();
  find("copy").textContent = done ? "Copied" : "Copy failed";
  announce(done
    ? `Impression copied${marked ? `, with ${marked} of its statements marked` : ""}.`
    : "Copying failed. Select the text and copy it by hand.");
  setTimeout(() => { find("copy").textContent = "Copy impression"; }, 2500);
}

// Browsers keep the clipboard from pages without https or loopback.
function copyOldWay(text) {
  const holder = element("textarea", { value: text, className: "unseen" });
  document.body.append(holder);
  holder.select();
  const done = document.execCommand("copy");
  holder.remove();
  find("copy").focus();
  return done;
}

function announce(line) {
  find("status").textContent = line;
}

// A half of a character pair, as a cut paste leaves it, cannot be sent.
function wellFormed(text) {
  return text.toWellFormed?.() ?? text;
}

start();
