// The draft: its statements, their marks, and the sentences of the findings behind each.
import { element, icon } from "./element.js";

export const MARKS = {
  contradicted: "Negation differs",
  side_differs: "Side differs",
  unsupported: "Not in the findings",
  unchecked: "Not checked",
  supported: "Supported",
};
const FLAGGED = new Set(["contradicted", "side_differs", "unsupported"]);
const QUOTES = 2;
const REASONS = {
  negated_in_findings: (what) => `The findings exclude it: ${what}.`,
  stated_in_findings: (what) => `The findings name: ${what}.`,
  not_in_findings: (what) => `Nothing in the findings says it: ${what}.`,
  other_side: (what) => `The findings have it on the other side: ${what}.`,
  in_part: (what) => `The findings also name: ${what}. Rules cannot tell whether that agrees.`,
  invented_number: (what) => `A number that stands in neither findings nor background: ${what}.`,
  unfounded_comparison: (what) => `It compares (“${what}”), and no earlier study is mentioned.`,
};

const find = (id) => document.getElementById(id);
let shown = { statements: [], pinned: null };

// Draw an answer to findings. Throws where it is none; returns a line for screen readers.
export function draw(answer, findings) {
  const { impression, statements = [] } = answer;
  shown = { statements, pinned: null };
  find("prose").replaceChildren(...prose(impression, statements));
  find("findings-read").replaceChildren(...reading(findings, statements));
  find("checks").replaceChildren(...statements.map((each, n) => check(each, n, findings)));
  find("cautions").replaceChildren(...cautions(answer).map((text) => element("li", {
    className: "caution", textContent: text,
  })));
  const line = tally(statements);
  find("tally").textContent = line;
  for (const id of ["tally", "checks", "checks-title"]) find(id).hidden = !statements.length;
  find("read-hint").hidden = !statements.some((each) => each.evidence.length);
  find("copy").hidden = !impression.trim();
  find("result").hidden = false;
  light([]);
  return impression.trim() ? `Draft ready. ${line}` : "The model wrote nothing.";
}

export function flags() {
  return shown.statements.filter((each) => FLAGGED.has(each.support)).length;
}

// Pointer and keyboard: hovering or focusing previews, a click pins, Escape lets go.
export function listen() {
  const places = [find("prose"), find("findings-read"), find("checks")];
  const preview = (event) => light(indexes(event.target) ?? pinned());
  for (const place of places) {
    place.addEventListener("pointerover", preview);
    place.addEventListener("pointerleave", () => light(pinned()));
    place.addEventListener("focusin", preview);
    place.addEventListener("focusout", () => light(pinned()));
    place.addEventListener("click", (event) => {
      const [index] = indexes(event.target) ?? [null];
      if (index !== null && getSelection().isCollapsed) pin(index === shown.pinned ? null : index);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pin(null);
  });
}

// Offsets count characters as Python does, not the UTF-16 units of JavaScript.
function slicer(text) {
  const characters = Array.from(text);
  return { length: characters.length, slice: (start, end) => characters.slice(start, end).join("") };
}

function prose(impression, statements) {
  if (!impression.trim()) return [element("span", { className: "quiet", textContent: "The model wrote nothing." })];
  const text = slicer(impression);
  const made = [];
  let at = 0;
  statements.forEach((each, index) => {
    const flagged = FLAGGED.has(each.support);
    const words = text.slice(each.start, each.end);
    made.push(text.slice(at, each.start), element("span", {
      className: flagged ? "said flagged" : "said",
      data: { support: each.support, indexes: index },
    }, ...(flagged ? marked(words, each.support) : [words])));
    at = each.end;
  });
  return [...made, text.slice(at, text.length)];
}

// The icon stays on the line of the last word.
function marked(words, support) {
  const last = words.match(/\S{1,30}$/)?.index ?? words.length;
  return [words.slice(0, last), element("span", { className: "kept" }, words.slice(last), icon(support)),
    element("span", { className: "unseen", textContent: ` (${MARKS[support]}) ` })];
}

function reading(findings, statements) {
  const text = slicer(findings);
  const edges = new Set([0, text.length]);
  for (const { evidence } of statements) {
    for (const { start, end } of evidence) edges.add(start).add(end);
  }
  const cuts = [...edges].sort((one, other) => one - other);
  return cuts.slice(0, -1).map((start, n) => {
    const end = cuts[n + 1];
    const resting = statements.flatMap(({ evidence }, index) =>
      evidence.some((span) => span.start <= start && end <= span.end) ? [index] : []);
    const words = text.slice(start, end);
    if (!resting.length) return words;
    return element("span", {
      className: "rests", textContent: words, data: { indexes: resting.join(" ") },
    });
  });
}

function check(statement, index, findings) {
  const { support, text, notes, concerns = [], evidence } = statement;
  const reasons = notes.map((note, n) => REASONS[note]?.(concern(concerns[n]))).filter(Boolean);
  if (support === "unchecked" && !reasons.length) {
    reasons.push("Nothing in it that the rules know. Please read it yourself.");
  }
  const quoted = quotes(evidence, findings);
  if (quoted) reasons.push(quoted);
  return element("li", { className: "check", data: { support, indexes: index } },
    element("button", { type: "button", attributes: { "aria-pressed": "false" } },
      element("span", { className: "verdict" }, icon(support), MARKS[support] ?? support),
      element("span", { className: "quoted", textContent: text })),
    ...[...new Set(reasons)].map((reason) => element("p", { className: "because", textContent: reason })));
}

function concern(what) {
  return what === "No Finding" ? "a normal study" : (what ?? "").toLowerCase();
}

function quotes(evidence, findings) {
  if (!evidence.length) return "";
  const text = slicer(findings);
  const first = evidence.slice(0, QUOTES).map(({ start, end }) =>
    `“${text.slice(start, end).replace(/\s+/g, " ")}”`);
  const more = evidence.length - first.length;
  return `Findings: ${first.join(" ")}${more ? ` and ${more} more` : ""}`;
}

function tally(statements) {
  const counts = Object.entries(MARKS).flatMap(([support, words]) => {
    const number = statements.filter((each) => each.support === support).length;
    return number ? [`${words}: ${number}.`] : [];
  });
  const number = statements.length;
  return number ? `${number} ${number === 1 ? "statement" : "statements"}. ${counts.join(" ")}` : "";
}

function cautions(answer) {
  return [
    answer.truncated && "The draft was cut off at its length limit: the end is missing.",
    answer.clipped && "The findings were longer than the model reads: it has not seen their end.",
  ].filter(Boolean);
}

function indexes(target) {
  const held = target.closest?.("[data-indexes]");
  return held ? held.dataset.indexes.split(" ").map(Number) : null;
}

function pinned() {
  return shown.pinned === null ? [] : [shown.pinned];
}

function pin(index) {
  shown.pinned = index;
  light(pinned());
  document.querySelectorAll("#checks button").forEach((button, n) =>
    button.setAttribute("aria-pressed", String(n === index)));
  const beside = find("findings-read").getBoundingClientRect().right
    <= find("impression").getBoundingClientRect().left;
  if (index !== null && beside) {
    document.querySelector("#findings-read .lit")?.scrollIntoView({ block: "nearest" });
  }
}

function light(indexes) {
  const chosen = new Set(indexes.map(String));
  document.querySelectorAll("#result [data-indexes], #findings-read [data-indexes]").forEach((each) => {
    const [met] = each.dataset.indexes.split(" ").filter((index) => chosen.has(index));
    each.classList.toggle("lit", met !== undefined);
    if (!each.classList.contains("rests")) return;
    if (met === undefined) delete each.dataset.support;
    else each.dataset.support = shown.statements[met].support;
  });
}
