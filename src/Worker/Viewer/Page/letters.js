// Dead letters: what was refused, by reason, and putting back or throwing away what is chosen.
import { h, fill, refill } from "./dom.js";
import { get, change } from "./api.js";
import { bind } from "./keys.js";
import { go } from "./main.js";
import { confirm } from "./confirm.js";
import * as format from "./format.js";

const Step = 100;
const Most = 1000;
/** Letters of one request: what is told of a long one is how far it has come. */
const Part = 100;

export function letters(page, query, signal) {
  document.title = "Dead letters · worker";
  const reason = query.get("reason") ?? "", limit = Math.min(Most, Math.max(1, Number(query.get("limit")) || Step));
  let shown = [], chosen = new Set(), selected = 0, matching = 0, mayChange = false, busy = false, open = query.get("id");

  const kinds = h("div", { class: "bar", role: "group", "aria-label": "Reasons" });
  const all = h("input", { type: "checkbox", "aria-label": "Choose all that are shown", onchange: () => choose(all.checked ? shown : []) });
  const back = h("button", { type: "button", onclick: () => act("redrive") });
  const away = h("button", { type: "button", class: "danger", onclick: () => act("discard") });
  const again = h("button", { type: "button", onclick: () => load() }, "Look again");
  const said = h("p", { role: "status", class: "said" });
  const problem = h("p", { role: "alert", class: "bad" });
  const body = h("tbody");
  const table = h("table", { class: "letters", "aria-label": "Dead letters", hidden: true },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, all), ["Received", "Reason", "What is wrong", "Kind", "Log", "Size"].map(name => h("th", { scope: "col", class: name === "Size" ? "number" : null }, name)))), body);
  const empty = h("div", { class: "empty", hidden: true });
  const foot = h("div", { class: "foot" });

  fill(page, h("div", { class: "bar" }, h("h1", null, "Dead letters"), back, away, again), kinds, said, problem, h("div", { class: "scroll" }, table), empty, foot);
  bind([
    { keys: ["ArrowDown", "j"], does: "Next letter", run: () => move(1) },
    { keys: ["ArrowUp", "k"], does: "Letter before", run: () => move(-1) },
    { keys: ["Enter"], does: "Show its body, hide it", run: event => (event.target.closest?.("a, button, input") || !shown[selected] ? false : toggle(shown[selected])) },
    { keys: ["x"], does: "Choose it, or not", run: () => { if (shown[selected]) flip(shown[selected]); } },
    { keys: ["a"], does: "Choose all that are shown, or none", run: () => choose(chosen.size === shown.length ? [] : shown) },
    { keys: ["r"], does: "Put back what is chosen", run: () => act("redrive") },
    { keys: ["Delete"], does: "Throw away what is chosen", run: () => act("discard") },
    { keys: ["l"], does: "Look again", run: () => { load(); } },
  ], signal);
  tell();
  load();

  async function load() {
    try {
      const answer = await get(`/ui/api/letters?limit=${limit}${reason ? `&reason=${encodeURIComponent(reason)}` : ""}`, { signal });
      shown = answer.letters;
      matching = answer.matching;
      mayChange = answer.may_change;
      const ids = new Set(shown.map(letter => letter.dead_letter_id));
      chosen = new Set([...chosen].filter(id => ids.has(id)));
      selected = Math.max(0, open ? shown.findIndex(letter => letter.dead_letter_id === open) : Math.min(selected, shown.length - 1));
      fill(problem);
      draw(answer.reasons);
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(problem, error.message);
      if (error.away) setTimeout(() => { if (!signal.aborted) load(); }, 3000);
    }
  }

  function draw(reasons) {
    const total = reasons.reduce((sum, each) => sum + each.count, 0);
    const link = (name, count, value) => h("a", { class: "pill", href: address({ reason: value, limit: null, id: null }), "aria-current": value === reason ? "true" : null }, name, " ", h("b", null, format.count(count)));
    fill(kinds, total === 0 ? null : [link("all", total, ""), reasons.map(each => link(each.reason, each.count, each.reason))]);
    table.hidden = shown.length === 0;
    empty.hidden = shown.length > 0;
    if (shown.length === 0) fill(empty, total === 0 ? nothing() : [h("h2", null, `None was refused for ${reason}`), h("p", null, h("a", { href: "/letters" }, "Show all"))]);
    fill(foot, matching > shown.length && limit < Most ? h("a", { href: address({ limit: Math.min(Most, limit * 3) }) }, "Older") : null,
      h("span", { class: "quiet" }, shown.length === 0 ? null : matching > shown.length ? `The newest ${format.count(shown.length)} of ${format.count(matching)}${limit >= Most ? "; worker dead-letters list shows all" : ""}.` : "These are all."));
    rows();
  }

  function rows() {
    refill(body, shown.map((letter, i) => [row(letter, i), open === letter.dead_letter_id ? whole(letter) : null]));
    tell();
  }

  function row(letter, i) {
    const box = h("input", { type: "checkbox", checked: chosen.has(letter.dead_letter_id), "aria-label": `Choose ${letter.dead_letter_id}`, onchange: () => flip(letter) });
    const isOpen = open === letter.dead_letter_id;
    return h("tr", { "aria-selected": String(i === selected), "data-letter": letter.dead_letter_id, onclick: event => { if (!event.target.closest("a, button, input")) { selected = i; toggle(letter); } } },
      h("td", null, box), h("td", { class: "when", title: format.instant(letter.first_received) }, format.moment(letter.first_received)),
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", "aria-expanded": String(isOpen), onclick: () => { selected = i; toggle(letter); } }, letter.reason), letter.withheld ? h("span", { class: "mark" }, "withheld") : null),
      h("td", { class: "wrap" }, letter.detail), h("td", { class: "when" }, letter.kind), h("td", { class: "cut", title: letter.log_id }, letter.log_id),
      h("td", { class: "number" }, format.bytes(letter.body_length)));
  }

  function whole(letter) {
    const cell = h("td", { colspan: 7 }, h("p", { class: "quiet" }, "…"));
    get(`/ui/api/letter?id=${encodeURIComponent(letter.dead_letter_id)}`, { signal }).then(
      answer => fill(cell, facts(letter, answer), history(letter), text(letter, answer)),
      error => { if (error.name !== "AbortError") fill(cell, h("p", { class: "bad" }, error.message)); });
    return h("tr", { class: "whole" }, cell);
  }

  function toggle(letter) {
    open = open === letter.dead_letter_id ? null : letter.dead_letter_id;
    history.replaceState(null, "", address({ id: open }));
    rows();
    body.querySelector(`tr[aria-selected=true] button`)?.focus({ preventScroll: true });
  }

  function flip(letter) {
    if (!chosen.delete(letter.dead_letter_id)) chosen.add(letter.dead_letter_id);
    boxes();
  }

  function choose(these) {
    chosen = new Set(these.map(letter => letter.dead_letter_id));
    boxes();
  }

  function boxes() {
    for (const element of body.querySelectorAll("tr[data-letter]")) element.querySelector("input").checked = chosen.has(element.dataset.letter);
    tell();
  }

  function move(by) {
    selected = Math.max(0, Math.min(shown.length - 1, selected + by));
    const elements = [...body.querySelectorAll("tr[data-letter]")];
    elements.forEach((element, i) => element.setAttribute("aria-selected", String(i === selected)));
    elements[selected]?.scrollIntoView({ block: "nearest" });
  }

  /** What is meant: what is chosen, else what is shown. */
  function meant() { return chosen.size > 0 ? shown.filter(letter => chosen.has(letter.dead_letter_id)) : shown; }

  function tell() {
    const n = meant().length, which = chosen.size > 0 ? format.count(n) : `all ${format.count(n)} shown`;
    fill(back, n === 0 ? "Put back" : `Put back ${which}`);
    fill(away, n === 0 ? "Throw away" : `Throw away ${which}`);
    for (const button of [back, away]) {
      button.disabled = busy || n === 0 || !mayChange;
      button.title = mayChange || n === 0 ? "" : "It takes a key with the role admin";
    }
    all.checked = shown.length > 0 && chosen.size === shown.length;
    all.indeterminate = chosen.size > 0 && chosen.size < shown.length;
  }

  async function act(what) {
    if (busy || !mayChange || meant().length === 0) return;
    const these = meant(), n = these.length;
    const withheld = these.filter(letter => letter.withheld).length;
    const asked = what === "redrive"
      ? { title: `Put back ${many(n)}?`, does: "Put back", words: [
        n === 1 ? "It goes to where messages come in." : "They go to where messages come in, the oldest first. One goes ahead of the others, which follow only when a worker has taken it and it was not refused again.",
        withheld > 0 ? `${many(withheld)} of these ${withheld === 1 ? "is" : "are"} withheld and will stay: there is no body to put back.` : null] }
      : { title: `Throw away ${many(n)} for good?`, does: "Throw away", danger: true, words: ["Nobody can bring them back."] };
    const by = Object.entries(Object.groupBy(these, letter => letter.reason)).map(([name, each]) => `${name} ${format.count(each.length)}`).join(", ");
    if (!await confirm({ ...asked, words: [...asked.words, `By reason: ${by}.`] })) return;
    busy = true;
    tell();
    try {
      fill(said, await (what === "redrive" ? redrive : discard)(these.map(letter => letter.dead_letter_id).reverse()));
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(problem, error.message);
    } finally {
      busy = false;
    }
    chosen = new Set();
    await load();
    tell();
  }

  async function redrive(ids) {
    let redriven = 0, withheld = 0, stopped = null;
    for (const part of parts(ids)) {
      fill(said, `Putting back: ${format.count(redriven + withheld)} of ${format.count(ids.length)} …`);
      const answer = await change("/ui/api/letters/redrive", { ids: part, canary: redriven === 0 }, signal);
      redriven += answer.redriven;
      withheld += answer.withheld;
      stopped = answer.stopped;
      if (stopped) break;
    }
    const gone = stopped ? 0 : ids.length - redriven - withheld;
    return [`${many(redriven)} put back.`, withheld > 0 ? ` ${many(withheld)} withheld and left alone.` : null, gone > 0 ? ` ${many(gone)} had gone already.` : null, stopped ? [" ", h("span", { class: "bad" }, stopped)] : null];
  }

  async function discard(ids) {
    let discarded = 0;
    for (const part of parts(ids)) {
      fill(said, `Throwing away: ${format.count(discarded)} of ${format.count(ids.length)} …`);
      discarded += (await change("/ui/api/letters/discard", { ids: part }, signal)).discarded;
    }
    return `${many(discarded)} thrown away.`;
  }
}

function address(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  return `/letters${query.size > 0 ? `?${query}` : ""}`;
}

const parts = ids => Array.from({ length: Math.ceil(ids.length / Part) }, (_, i) => ids.slice(i * Part, (i + 1) * Part));
const many = n => format.many(n, "letter");

const facts = (letter, answer) => h("p", { class: "facts" }, [["letter", letter.dead_letter_id], ["message", letter.message_id], ["log", letter.log_id], ["field", letter.field],
  ["type", answer.content_type], ["encoding", answer.content_encoding]].filter(([, value]) => value).map(([name, value], i) => [i > 0 ? " · " : null, `${name} `, h("code", null, value)]),
  letter.log_id ? " · " : null, letter.log_id ? h("a", { href: `/trace?id=${encodeURIComponent(letter.log_id)}` }, "Its trace, if it was stored") : null);

/** Of one that was put back before: each time that it was refused. */
const history = letter => letter.tries < 2 ? null : h("ol", { class: "facts", "aria-label": "Times it was refused" },
  letter.attempts.map(each => h("li", { value: each.number }, format.instant(each.at), " · ", h("code", null, each.reason), each.detail ? ` · ${each.detail}` : null)));

function text(letter, answer) {
  if (letter.withheld) return h("p", { class: "note" }, "Its Log asked not to be saved: only the body's length and hash are kept, and it cannot be put back.");
  return [h("pre", { tabindex: 0, "aria-label": "Body" }, answer.is_text ? pretty(answer.body) : answer.body),
    answer.is_text ? null : h("p", { class: "quiet" }, "No text: in hexadecimal."),
    answer.is_cut ? h("p", { class: "quiet" }, "Only its beginning. ", h("code", null, `worker dead-letters show ${letter.dead_letter_id}`), " shows it whole.") : null];
}

const pretty = body => { try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; } };

const nothing = () => [h("h2", null, "No message was refused"), h("p", null, "What can never be stored comes here, with a sentence that says why. To see one:"),
  h("pre", { tabindex: 0 }, "echo '{\"type\": \"flow.log.updated\", \"output\": \"whose?\"}' | worker publish -"),
  h("p", null, h("code", null, "worker dead-letters list"), " shows the same.")];
