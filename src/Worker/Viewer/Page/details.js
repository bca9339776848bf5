// What is known of one Log: what went in and came out, verdicts with their reasons, and why others are missing.
import { h, fill, refill } from "./dom.js";
import { get, text } from "./api.js";
import { chip } from "./verdict.js";
import * as format from "./format.js";

const Shown = 20000;
const Wait = 60;

let leave = new AbortController(), timer;

/** Shows a Log in an element; the one that was asked for before is given up. Verdicts stand before what went in and out, or after it. */
export function details(element, id, signal, { keep = false, verdictsLast = false } = {}) {
  leave.abort();
  clearTimeout(timer);
  const own = leave = new AbortController();
  signal.addEventListener("abort", () => own.abort());
  timer = setTimeout(async () => {
    try {
      const [log, why] = await Promise.all([
        get(`/ui/api/log?id=${encodeURIComponent(id)}`, { signal: own.signal }),
        get(`/ui/api/explain?id=${encodeURIComponent(id)}`, { signal: own.signal }),
      ]);
      const said = JSON.stringify([log, why]);
      if (keep && element.said === said) return;
      const top = keep ? element.scrollTop : 0;
      refill(element, whole(log, why, verdictsLast));
      Object.assign(element, { said, scrollTop: top });
    } catch (error) {
      if (error.name === "AbortError") return;
      element.said = null;
      refill(element, h("p", { role: "alert", class: "bad" }, error.message));
    }
  }, Wait);
}

function whole(log, why, verdictsLast) {
  const fields = { ...log.fields };
  const take = name => { const value = fields[name]; delete fields[name]; return value; };
  const [error, inputs, messages, output, message, stdout] = ["error", "inputs", "messages", "output", "output_message", "stdout"].map(take);
  return [
    h("h2", null, h("span", { class: "kind", "data-kind": log.kind }, log.kind), " ", log.path ?? "no File"),
    h("p", { class: "facts" }, h("code", null, log.id), " ", copy("Copy id", () => log.id), " ", copy("Copy as JSON", () => JSON.stringify(log, null, 2)), " ", copy("Copy as curl", () => curl(log)), " ",
      h("a", { href: `/compare?id=${encodeURIComponent(log.id)}` }, log.verdicts.some(each => each.superseded) ? "Compare revisions" : "Compare")),
    h("p", { class: "facts" }, [log.start === null ? null : `from ${format.instant(log.start)}`, log.end === null ? null : `to ${format.instant(log.end)}`,
      log.start !== null && log.end !== null ? format.duration(log.end - log.start) : null, log.complete ? null : "unfinished"].filter(Boolean).join(" · ")),
    log.withheld ? h("p", { class: "note" }, "It was logged with save: false: what went in and out was not kept.") : null,
    log.problems.length === 0 ? null : h("ul", { class: "note" }, log.problems.map(problem => h("li", null, problem))),
    error === undefined ? null : section("Error", value(log, "error", error, "bad")),
    verdictsLast ? null : verdicts(log, why),
    inputs === undefined ? null : section("Inputs", value(log, "inputs", inputs)),
    messages === undefined ? null : section("Messages", chat(log, "messages", messages)),
    message === undefined ? null : section("Output message", chat(log, "output_message", message)),
    output === undefined ? null : section("Output", value(log, "output", output)),
    stdout === undefined ? null : section("Printed", value(log, "stdout", stdout)),
    verdictsLast ? verdicts(log, why) : null,
    Object.keys(fields).length === 0 ? null : section("More", h("dl", { class: "more" }, Object.entries(fields).map(([name, each]) => [h("dt", null, name), h("dd", null, value(log, name, each))]))),
  ];
}

const section = (name, ...content) => h("section", null, h("h3", null, name), content);

function verdicts(log, why) {
  const standing = log.verdicts.filter(verdict => !verdict.superseded);
  const former = log.verdicts.filter(verdict => verdict.superseded);
  const newest = Math.max(0, ...why.decisions.map(decision => decision.revision));
  const missing = why.decisions.filter(decision => decision.revision === newest && !["ran", "failed", "abstained"].includes(decision.outcome));
  if (standing.length + missing.length === 0 && log.kind !== "flow" && !why.state) return null;
  return section("Verdicts",
    standing.map(verdict),
    missing.map(decision => h("p", { class: "verdict" }, h("span", { class: "chip" }, (decision.path ?? decision.evaluator_id).split("/").at(-1), " ", h("b", null, decision.outcome.replaceAll("_", " "))), " ", decision.reason)),
    standing.length + missing.length > 0 ? null : h("p", { class: "quiet" }, why.detail ?? (why.state ? `The trace is ${why.state}.` : "None yet.")),
    why.state && why.state !== "judged" ? h("p", { class: "quiet" }, `${why.state}${why.waiting_for ? `; waits for ${why.waiting_for}` : ""}${why.due ? `; looked at again at ${format.moment(Date.parse(why.due) * 1000)}` : ""}`) : null,
    former.length === 0 ? null : h("details", null, h("summary", null, `Of earlier revisions (${former.length})`), former.map(verdict)));
}

function verdict(each) {
  const { asked, rest } = split(each.details);
  return h("div", { class: "verdict" },
    chip(each), " ", h("span", { class: "quiet" }, each.path, each.outside ? ` · from ${each.user ?? "outside"}` : ` · revision ${each.revision} · ${format.duration(each.end - each.start)}`),
    each.reason ? h("p", null, each.reason) : null,
    each.error ? h("p", { class: "bad" }, each.error) : null,
    each.stdout ? h("details", null, h("summary", null, "Printed"), pre(each.stdout)) : null,
    asked ? h("details", null, h("summary", null, "What it was asked, and answered"), pre(asked)) : null,
    rest ? h("details", null, h("summary", null, "Details"), pre(rest)) : null,
    each.verdicts ? h("div", { class: "on-verdict" }, each.verdicts.map(verdict)) : null);
}

function split(given) {
  if (!given) return {};
  const { messages, reply, ...rest } = given;
  const asked = [...(messages ?? []).map(message => `${message.role}:\n${message.content ?? ""}`), reply ? `reply:\n${typeof reply === "string" ? reply : JSON.stringify(reply, null, 2)}` : null].filter(Boolean).join("\n\n");
  return { asked, rest: Object.keys(rest).length > 0 ? JSON.stringify(rest, null, 2) : null };
}

/** A value as text; JSON in it spelled out; what is long, cut; what the worker kept back, asked for. */
function value(log, name, given, style) {
  if (given !== null && typeof given === "object" && "$length" in given) {
    const place = h("div", null, h("button", { type: "button", onclick: async () => {
      try {
        const json = await text(`/ui/api/field?id=${encodeURIComponent(log.id)}&field=${encodeURIComponent(name)}`);
        fill(place, pre(pretty(json.startsWith("\"") ? JSON.parse(json) : json), style));
      } catch (error) {
        fill(place, h("p", { class: "bad" }, error.message));
      }
    } }, `Show ${format.count(given.$length)} bytes`));
    return place;
  }
  if (given !== null && typeof given === "object" && !Array.isArray(given) && Object.keys(given).length > 0 && Object.keys(given).length <= 40 && name === "inputs")
    return h("dl", { class: "more" }, Object.entries(given).map(([key, each]) => [h("dt", null, key), h("dd", null, content(each, style))]));
  return content(given, style);
}

function content(given, style) {
  if (typeof given === "string" && image(given)) return picture(given);
  return pre(typeof given === "string" ? pretty(given) : JSON.stringify(given, null, 2), style);
}

/** Long text is cut, and shown whole when it is asked for. */
function pre(given, style) {
  if (given.length <= Shown) return h("pre", { class: style, tabindex: 0 }, given);
  const element = h("pre", { class: style, tabindex: 0 }, given.slice(0, Shown), "…");
  const more = h("button", { type: "button", onclick: () => { fill(element, pieces(given)); more.remove(); } }, `Show all ${format.count(given.length)} characters`);
  return [element, more];
}

/** Long text as pieces, of which the browser lays out those that are seen: whole lines, where they are not too long. */
function pieces(given) {
  const all = [];
  for (let from = 0; from < given.length;) {
    const piece = given.slice(from, from + Shown);
    const lines = piece.lastIndexOf("\n") + 1;
    const half = /[\ud800-\udbff]$/.test(piece) ? 1 : 0;
    const length = from + piece.length === given.length ? piece.length : lines || piece.length - half;
    all.push(h("span", { class: "piece" }, piece.slice(0, length)));
    from += length;
  }
  return all;
}

function pretty(given) {
  if (!/^\s*[[{]/.test(given) || given.length > 1e6) return given;
  try { return JSON.stringify(JSON.parse(given), null, 2); } catch { return given; }
}

/** Messages as a talk. */
function chat(log, name, given) {
  if (given !== null && typeof given === "object" && "$length" in given) return value(log, name, given);
  const list = Array.isArray(given) ? given : [given];
  return list.slice(0, 500).map(message => (message === null || typeof message !== "object" ? content(message)
    : h("div", { class: "message", "data-role": String(message.role ?? "") },
      h("span", { class: "role" }, String(message.role ?? "?"), message.name ? ` ${message.name}` : "", message.tool_call_id ? ` ${message.tool_call_id}` : ""),
      parts(message.content).map(part => (part.text === undefined ? content(part.other) : pre(pretty(part.text)))),
      (Array.isArray(message.tool_calls) ? message.tool_calls : []).map(call => h("div", { class: "call" }, h("b", null, String(call?.function?.name ?? call?.name ?? "call")), " ", h("span", { class: "quiet" }, String(call?.id ?? "")),
        pre(pretty(typeof call?.function?.arguments === "string" ? call.function.arguments : JSON.stringify(call?.function?.arguments ?? call, null, 2))))))));
}

function parts(given) {
  if (given === null || given === undefined) return [];
  if (typeof given === "string") return [{ text: given }];
  return (Array.isArray(given) ? given : [given]).map(part => {
    if (typeof part === "string") return { text: part };
    if (typeof part?.text === "string") return { text: part.text };
    const url = part?.image_url?.url ?? part?.image_url;
    return typeof url === "string" && image(url) ? { other: url } : { other: part };
  });
}

/** An image as a data URL. Of a long one the first hundred characters of its content tell. */
const image = given => /^data:image\/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=]+$|[A-Za-z0-9+/=]{100})/.test(given.slice(0, 200));
const picture = given => h("img", { src: given, alt: "An image that was logged", loading: "lazy" });

function copy(name, given) {
  const button = h("button", { type: "button", class: "small", onclick: async () => {
    try { await navigator.clipboard.writeText(given()); fill(button, "Copied"); } catch { fill(button, "The browser does not let it"); }
    setTimeout(() => fill(button, name), 1500);
  } }, name);
  return button;
}

/** The Log as it could be logged again. */
function curl(log) {
  const body = { log_id: log.id, path: log.path, ...Object.fromEntries(Object.entries(log.fields).filter(([, each]) => !(each && typeof each === "object" && "$length" in each))) };
  return `curl -X POST ${location.origin}/v5/${log.kind}s/log -H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
}
