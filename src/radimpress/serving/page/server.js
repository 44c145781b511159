// The server: what it is asked, and its refusals in words with a next step.

const PATIENCE_MS = 120_000; // the server gives up earlier; this is for one that hangs
const kept = "Your text is still here.";
let token = ""; // in this page's memory alone

export class Refused extends Error {
  constructor(title, { text = "", next = "", wait = 0, locked = false } = {}) {
    super(title);
    Object.assign(this, { title, text, next, wait, locked });
  }
}

export function unlock(given) {
  token = given.trim();
}

// The JSON answer of a path, posted to where `body` is given. Throws Refused, and nothing else.
export async function ask(path, body) {
  const headers = { Accept: "application/json" };
  if (/[^\x21-\x7e]/.test(token)) throw refusal(401);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response, answer;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    answer = await response.text();
  } catch (error) {
    throw error.name === "TimeoutError" ? refusal(504) : away();
  }
  const plain = parsed(answer);
  if (!response.ok) throw refusal(response.status, plain?.error, response.headers.get("Retry-After"));
  if (plain === undefined) throw unreadable();
  return plain;
}

export function unreadable() {
  return new Refused("The answer could not be read.", {
    next: "Reload the page, then try again.",
  });
}

function away() {
  return new Refused("The server cannot be reached.", {
    text: kept,
    next: "Check the network, and that “radimpress serve” is still running. Then try again.",
  });
}

function refusal(status, error = {}, after = null) {
  const said = { text: sentence(error?.message), next: sentence(error?.next) };
  if (status === 401) return new Refused("The token was not accepted.", { ...said, locked: true });
  if (status === 413) {
    return new Refused("This is too long for the server.", {
      ...said,
      next: said.next || "Shorten the findings, then try again.",
    });
  }
  if (status === 429 || status === 503) {
    const wait = Math.min(Math.max(Number.parseInt(after, 10) || 3, 1), 60);
    const title = status === 429 ? "The server is busy." : "The model is not ready.";
    return new Refused(title, { text: status === 503 ? said.text : kept, wait });
  }
  if (status === 504) {
    return new Refused("The model took too long.", {
      text: kept, next: "Try again. If it happens again, shorten the findings.",
    });
  }
  if (status >= 500) {
    return new Refused("The server failed.", {
      text: said.text || kept,
      next: said.next || "Try again. If it happens again, tell whoever runs the server.",
    });
  }
  return new Refused("The server did not take this.", said);
}

function sentence(words) {
  if (typeof words !== "string" || !words) return "";
  const text = words[0].toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
