// What the page reads, and what it says while the worker does not answer.
import { h, fill } from "./dom.js";

/** How long until a worker that did not answer is asked again, in ms. */
const Knock = 1000;

const state = () => document.getElementById("state");

/** The answer's JSON; null for what has not changed (see `tag`). Throws an Error whose message is for people. */
export async function get(path, { signal, tag } = {}) {
  const response = await ask(path, { signal, headers: tag ? { "If-None-Match": tag } : {} });
  if (response.status === 304) return null;
  const json = await response.json();
  const etag = response.headers.get("ETag");
  return etag ? Object.assign(json, { tag: etag }) : json;
}

/** As text. */
export async function text(path, options) {
  return (await ask(path, options ?? {})).text();
}

/** Lines of JSON while they come. */
export async function* lines(path, signal) {
  const response = await ask(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

export async function post(path, body, method = "POST") {
  const response = await ask(path, { method, body: body === undefined ? undefined : JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  return response.status === 204 ? null : response.json();
}

/** Something that is done for good: it says that it comes from this page, which no other page can say. */
export async function change(path, body, signal) {
  const response = await ask(path, { method: "POST", signal, body: JSON.stringify(body), headers: { "Content-Type": "application/json", "Worker-Page": "1" } });
  return response.json();
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    away(true);
    throw Object.assign(new Error("The worker does not answer. This page goes on when it does."), { away: true });
  }
  away(false);
  if (response.ok || response.status === 304) return response;
  if (response.status === 401) document.dispatchEvent(new CustomEvent("locked"));
  const detail = await response.json().then(json => json.detail, () => null);
  throw Object.assign(new Error(typeof detail === "string" ? `${detail}.` : `The worker answered ${response.status}.`), { status: response.status });
}

function away(is) {
  const element = state();
  if (is === (element.dataset.away === "true")) return;
  element.dataset.away = is;
  fill(element, is ? h("span", { class: "away" }, "The worker does not answer") : null);
  if (!is) document.dispatchEvent(new CustomEvent("back"));
}

/**
 * Calls `task` now, and again after `pause` ms (a function may say how long) while the page is shown; until `signal`.
 * While the worker does not answer, sooner.
 */
export function poll(task, pause, signal) {
  let timer, busy = false;
  const run = async () => {
    clearTimeout(timer);
    if (signal.aborted || busy) return;
    busy = true;
    let wait = Infinity;
    if (!document.hidden) {
      try { await task(); } catch (error) {
        if (error.name === "AbortError") return;
        if (error.away) wait = Knock;
      }
    }
    busy = false;
    if (!signal.aborted) timer = setTimeout(run, Math.min(wait, typeof pause === "function" ? pause() : pause));
  };
  const shown = () => { if (!document.hidden) run(); };
  document.addEventListener("visibilitychange", shown, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  run();
}
