// What waits for a person: one Log after the other, judged by keys; the verdict given last can be taken back.
import { h, fill } from "./dom.js";
import { get, change } from "./api.js";
import { bind } from "./keys.js";
import { go } from "./main.js";
import { details } from "./details.js";
import * as format from "./format.js";

const Soon = 5;
const Name = "worker-reviewer";

export function review(page, query, signal) {
  document.title = "Review · worker";
  page.className = "fills";
  const judged = query.get("judged") === "true", q = query.get("q") ?? "";
  let evaluators = [], evaluator, who = null, items = [], next = null, cut = false, selected = 0, loading = false, doing = Promise.resolve(), stopped = 0;
  const given = [];

  const choice = h("select", { "aria-label": "Evaluator", onchange: () => go(address({ evaluator: choice.value })) });
  const which = h("div", { class: "bar", role: "group", "aria-label": "Which Logs" }, [["Waiting", null], ["Judged", "true"]].map(([name, value]) =>
    h("a", { class: "pill", href: address({ judged: value }), "aria-current": judged === (value === "true") ? "true" : null }, name)));
  const input = h("input", { type: "search", value: q, spellcheck: "false", autocomplete: "off", "aria-label": "Search Logs", placeholder: "path:support/**  since:2h  words" });
  const form = h("form", { class: "search", role: "search", onsubmit: event => { event.preventDefault(); go(address({ q: input.value.trim() })); } }, input, h("button", null, "Search"));
  const name = h("input", { type: "text", value: localStorage.getItem(Name) ?? "", maxlength: 200, autocomplete: "nickname", "aria-label": "Your name", placeholder: "Your name", onchange: () => localStorage.setItem(Name, name.value.trim()) });
  const person = h("label", { hidden: true }, "Judged by ", name);
  const problem = h("p", { role: "alert", class: "bad" });
  const said = h("p", { class: "facts", role: "status" });
  const list = h("ol", { class: "queue", "aria-label": "Logs" });
  const more = h("button", { type: "button", hidden: true, onclick: () => load() }, "Look further");
  const undoing = h("button", { type: "button", disabled: true, onclick: () => after(undo) }, "Undo");
  const ask = h("section", { class: "ask", "aria-label": "Verdict" });
  const log = h("section", { class: "log", "aria-label": "Log" });
  const empty = h("div", { class: "empty", hidden: true });
  const split = h("div", { class: "split review", hidden: true }, h("div", { class: "side" }, list, more), h("div", { class: "side details" }, ask, log));

  fill(page, h("div", { class: "bar" }, h("h1", null, "Review"), choice, which, form, person, undoing), said, problem, empty, split);
  bind([
    { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], does: "That option", run: event => after(() => option(Number(event.key) - 1)) },
    { keys: ["Ctrl-Enter"], does: "Give what was chosen or typed, and next", run: () => after(send) },
    { keys: ["ArrowDown", "j"], does: "Next Log", run: () => select(selected + 1) },
    { keys: ["ArrowUp", "k"], does: "Log before", run: () => select(selected - 1) },
    { keys: ["u"], does: "Undo the verdict given last", run: () => after(undo) },
    { keys: ["i"], does: "Type the verdict", run: () => ask.querySelector("input, textarea")?.focus() },
    { keys: ["Enter"], does: "Open the trace", run: event => (event.target.closest?.("a, button, input, summary, [role=option]") ? false : items[selected] ? go(trace(items[selected])) : false) },
    { keys: ["/", "Ctrl-f"], does: "Search", run: () => { input.focus(); input.select(); } },
    { keys: ["Escape"], run: event => { if (!event.target.matches?.("input, textarea")) return false; event.target.blur(); return undefined; } },
  ], signal);
  load();

  async function load() {
    if (loading) return;
    loading = true;
    fill(said, "Looking for what waits …");
    try {
      const asked = new URLSearchParams({ q, judged, ...(query.get("evaluator") ? { evaluator: query.get("evaluator") } : {}), ...(next ? { after: next } : {}) });
      const answer = await get(`/ui/api/review?${asked}`, { signal });
      ({ evaluators, who, next, cut } = answer);
      evaluator = evaluators.find(each => each.id === answer.evaluator);
      const first = items.length === 0;
      items = [...items, ...answer.items];
      fill(problem);
      head();
      draw();
      if (first) select(0);
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(said);
      fill(problem, error.message);
      if (error.away) setTimeout(() => { if (!signal.aborted) load(); }, 3000);
    } finally {
      loading = false;
    }
  }

  function head() {
    fill(choice, evaluators.map(each => h("option", { value: each.id, selected: each.id === evaluator?.id }, each.path)));
    choice.hidden = evaluators.length === 0;
    which.hidden = form.hidden = undoing.hidden = choice.hidden;
    person.hidden = who !== null || evaluators.length === 0;
    empty.hidden = items.length > 0;
    split.hidden = items.length === 0;
    more.hidden = next === null || items.length === 0;
    if (items.length === 0) fill(empty, evaluators.length === 0 ? none() : nothing());
    count();
  }

  function count() {
    const done = given.length;
    fill(said, items.length === 0 ? null : `${format.count(items.length)}${next ? " or more" : ""} ${judged ? "judged" : "waiting"}, newest first.`, done === 0 ? null : ` ${format.count(done)} given just now.`,
      cut ? " Looked at the newest 5,000; “Look further” goes on." : null, who === null ? null : ` Verdicts are given as ${who}.`);
    undoing.disabled = done === 0;
  }

  function draw() {
    fill(list, items.map((item, i) => h("li", null, h("button", { type: "button", class: "item", "aria-current": i === selected ? "true" : null, onclick: () => select(i) },
      h("span", { class: "top" }, h("span", { class: "path" }, item.path ?? item.id), h("span", { class: "quiet" }, format.moment(item.created))),
      item.preview ? h("span", { class: "preview" }, item.preview) : null, chips(item)))));
  }

  /** What people said, with who; what was said here just now is among it. */
  function chips(item) {
    return item.verdicts.map(each => h("span", { class: `chip ${format.mood(each)}`, title: `${each.user ?? "somebody"}, ${format.instant(each.at)}` },
      h("span", { class: "who" }, each.user ?? "somebody"), " ", h("b", null, cutTo(format.judgment(each), 24))));
  }

  function select(at) {
    if (items.length === 0) return;
    selected = Math.max(0, Math.min(items.length - 1, at));
    [...list.children].forEach((element, i) => {
      if (i === selected) element.firstChild.setAttribute("aria-current", "true");
      else element.firstChild.removeAttribute("aria-current");
    });
    list.children[selected].scrollIntoView({ block: "nearest" });
    question();
    fill(log);
    log.parentElement.scrollTop = 0;
    details(log, items[selected].id, signal, { verdictsLast: true });
    if (next && items.length - selected <= Soon) load();
  }

  function question() {
    const item = items[selected];
    const options = choices();
    const types = document.activeElement?.matches("input, textarea") && ask.contains(document.activeElement);
    const chosen = new Set(evaluator.returns === "multi_select" ? mine(item) ?? [] : []);
    fill(ask,
      h("div", { class: "bar" }, h("h2", null, evaluator.path), h("a", { href: trace(item) }, "Its trace")),
      evaluator.description ? h("p", null, evaluator.description) : null,
      item.verdicts.length === 0 ? null : h("p", null, chips(item)),
      options.length > 0
        ? h("div", { class: "options", role: "group", "aria-label": "Options" }, options.map(([label, value], i) => h("button", {
          type: "button", "data-value": JSON.stringify(value), "aria-pressed": String(chosen.has(value) || equal(mine(item), value)), onclick: () => after(() => option(i)) },
        i < 9 ? h("kbd", null, i + 1) : null, label)))
        : typed(item),
      options.length > 0 && evaluator.returns !== "multi_select" ? null : h("div", { class: "bar" }, h("button", { type: "button", onclick: () => after(send) }, "Give, and next"), h("span", { class: "quiet" }, h("kbd", null, "Ctrl-Enter"))));
    if (types) ask.querySelector("input, textarea")?.focus();
  }

  function typed(item) {
    const before = mine(item) ?? "";
    if (evaluator.returns === "number") {
      const { min, max } = evaluator;
      return h("p", null, h("input", { type: "number", step: "any", min, max, value: before, "aria-label": "Number" }), " ", h("span", { class: "quiet" }, min === null && max === null ? "any number" : `from ${min ?? "any"} to ${max ?? "any"}`));
    }
    return evaluator.returns === "text" ? h("textarea", { rows: 3, value: before, "aria-label": "Text" })
      : h("p", null, h("input", { type: "text", value: Array.isArray(before) ? before.join(", ") : before, "aria-label": evaluator.returns === "select" ? "Option" : "Options, with commas between them" }));
  }

  function choices() { return evaluator.returns === "boolean" ? [["Yes", true], ["No", false]] : evaluator.options.map(each => [each, each]); }

  /** What this reviewer has said of it, as far as is known here. */
  function mine(item) { return item.verdicts.find(each => each.user === reviewer())?.judgment ?? null; }

  function reviewer() { return who ?? name.value.trim(); }

  function option(i) {
    const [, value] = (items.length > 0 && choices()[i]) || [];
    if (value === undefined) return undefined;
    if (evaluator.returns !== "multi_select") return give(items[selected], value);
    const button = ask.querySelectorAll(".options button")[i];
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    return undefined;
  }

  /** One after the other, however fast the keys come, so that each is about what was shown then; after a fault none of those that wait. */
  function after(act) {
    const at = stopped;
    doing = doing.then(() => (at === stopped && !signal.aborted ? act() : undefined));
  }

  /** Gives what was chosen or typed; where that is nothing, goes on. */
  function send() {
    if (items.length === 0) return undefined;
    const field = ask.querySelector("input, textarea");
    let value = null;
    if (evaluator.returns === "multi_select" && !field) value = [...ask.querySelectorAll("[aria-pressed=true]")].map(each => JSON.parse(each.dataset.value));
    else if (field && !field.checkValidity()) { fill(problem, field.validationMessage); field.focus(); return undefined; }
    else if (field && field.value.trim() !== "") value = evaluator.returns === "number" ? Number(field.value) : evaluator.returns === "multi_select" ? field.value.split(",").map(each => each.trim()).filter(Boolean) : field.value;
    if (value === null || (Array.isArray(value) && value.length === 0 && mine(items[selected]) === null)) return select(selected + 1);
    return give(items[selected], value);
  }

  async function give(item, value) {
    const before = mine(item);
    if (await post(item, value)) {
      given.push({ item, before });
      draw();
      select(items.indexOf(item) + 1);
      count();
    }
  }

  async function undo() {
    const last = given.at(-1);
    if (!last || !await post(last.item, last.before)) return;
    given.pop();
    draw();
    select(items.indexOf(last.item));
    count();
  }

  /** Null takes it back. Whether it was taken. */
  async function post(item, value) {
    if (!reviewer()) {
      stopped++;
      fill(problem, "Say who you are first: a verdict is somebody's.");
      name.focus();
      return false;
    }
    try {
      const answer = await change("/ui/api/review", { evaluator_id: evaluator.id, log_id: item.id, judgment: value, user: reviewer() }, signal);
      item.verdicts = item.verdicts.filter(each => each.user !== answer.user);
      if (value !== null) item.verdicts.push({ id: answer.id, user: answer.user, at: Date.now() * 1000, judgment: value, error: null });
      fill(problem);
      return true;
    } catch (error) {
      stopped++;
      if (error.name !== "AbortError") fill(problem, error.message, error.away ? " Nobody knows whether the verdict was taken: give it again." : null);
      return false;
    }
  }

  const nothing = () => [h("h2", null, judged ? "Nobody has judged anything here" : "Nothing waits for a person"),
    h("p", null, q ? [h("a", { href: address({ q: null }) }, "Search in all"), ". "] : null, judged ? null : "What is logged and finished where this Evaluator is attached comes here."),
    next ? h("p", null, h("button", { type: "button", onclick: () => load() }, "Look further"), " ", h("span", { class: "quiet" }, "The newest 5,000 were looked at.")) : null,
    h("p", null, h("button", { type: "button", onclick: () => go(location.pathname + location.search, { replace: true }) }, "Look again"))];
}

const none = () => [h("h2", null, "No Evaluator asks a person"), h("p", null, "One of the kind ", h("code", null, "human"), " does, in a file in ", h("code", null, "config/evaluators"), ":"),
  h("pre", { tabindex: 0 }, "path: feedback/rating\nkind: human\nreturn_type: select\noptions: [good, bad]\nattach:\n  - { kind: flow, path: \"**\" }"),
  h("p", null, "A key with a path gives the verdicts of Evaluators under that path alone.")];

function address(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  return `/review${query.size > 0 ? `?${query}` : ""}`;
}

const trace = item => `/trace?id=${encodeURIComponent(item.id)}&log=${encodeURIComponent(item.id)}`;
const cutTo = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);
const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);
