// All traces, newest first, live.
import { h, fill } from "./dom.js";
import { get, poll } from "./api.js";
import { bind } from "./keys.js";
import { go } from "./main.js";
import { chip, worstFirst } from "./verdict.js";
import * as format from "./format.js";

const Pause = 3000;
/** What asks much of the worker is asked seldom: a tenth of the time at most. */
const Share = 10;

/** What may stand beside the Flow, in this order: its name, what is in it, and whether it is shown until somebody chooses. */
const Columns = [
  ["When", trace => h("td", { title: format.instant(trace.created), class: "when" }, format.moment(trace.created)), true],
  ["Flow", trace => h("th", { scope: "row" }, h("a", { href: address(trace) }, trace.path ?? trace.id), trace.complete ? null : h("span", { class: "mark" }, "incomplete")), true],
  ["Verdicts", trace => h("td", { class: "chips" }, verdicts(trace), trace.verdicts.length === 0 ? h("span", { class: "quiet" }, trace.state === "unjudged" ? "" : trace.state) : null), true],
  ["Duration", trace => h("td", { class: "number" }, format.duration(trace.duration)), true],
  ["Cost", trace => h("td", { class: "number" }, format.cost(trace.cost)), true],
  ["Tokens", trace => h("td", { class: "number" }, trace.tokens === null ? null : format.count(trace.tokens)), false],
  ["User", trace => h("td", { class: "cut" }, trace.user), true],
  ["Environment", trace => h("td", { class: "cut" }, trace.environment), false],
  ["Id", trace => h("td", { class: "cut" }, h("code", null, trace.id)), false],
  ["Input and output", trace => h("td", { class: "cut wide" }, trace.error ? h("span", { class: "bad" }, trace.error) : [trace.inputs, trace.output && [h("span", { class: "quiet" }, " → "), trace.output]]), true],
];

/** Under which the browser keeps which of them are shown. */
const Chosen = "columns";

export function traces(page, query, signal) {
  document.title = "Traces · worker";
  const q = query.get("q") ?? "";
  let shown = [], next = null, fresh = [], rest = null, paused = false, selected = 0, cut = false, counted = null, took = 0;

  const input = h("input", { type: "search", name: "q", value: q, spellcheck: "false", autocomplete: "off", "aria-label": "Search traces",
    "aria-describedby": "search-help", placeholder: "path:support/**  -status:complete  verdict.monitoring/latency:false  since:2h  words" });
  const form = h("form", { class: "search", role: "search", onsubmit: event => {
    event.preventDefault();
    go(input.value.trim() ? `/?q=${encodeURIComponent(input.value.trim())}` : "/");
  } }, input, h("button", null, "Search"));
  const pause = h("button", { type: "button", "aria-pressed": "false", onclick: () => setPaused(!paused) }, "Pause");
  const news = h("button", { type: "button", hidden: true, onclick: () => { take(); draw(); } });
  const problem = h("p", { role: "alert", class: "bad" });
  const body = h("tbody");
  const names = h("tr");
  const table = h("table", { class: "traces", "aria-label": "Traces" }, h("thead", null, names), body);
  let columns = chosen();
  const more = h("button", { type: "button", hidden: true, onclick: () => load(true) }, "Older");
  const empty = h("div", { class: "empty", hidden: true });
  const count = h("button", { type: "button", hidden: true, onclick: () => countAll() }, "Count");
  const status = h("p", { class: "quiet", role: "status" });

  fill(page, h("h1", { class: "unseen" }, "Traces"), h("div", { class: "bar" }, form, news, pause), help(), choice(columns, choose), problem, h("div", { class: "scroll" }, table), empty, h("div", { class: "foot" }, more, count, status));

  bind([
    { keys: ["/", "Ctrl-f"], does: "Search", run: () => { input.focus(); input.select(); } },
    { keys: ["ArrowDown", "j"], does: "Next trace", run: () => move(1) },
    { keys: ["ArrowUp", "k"], does: "Trace before", run: () => move(-1) },
    { keys: ["Enter"], does: "Open the trace", run: event => (event.target.closest?.("a, button") ? false : shown[selected] ? go(address(shown[selected])) : false) },
    { keys: ["p"], does: "Pause, go on", run: () => setPaused(!paused) },
    { keys: ["c"], does: "Count what is found", run: () => { if (!count.hidden) countAll(); } },
    { keys: ["n"], does: "Show what is new", run: () => { if (!news.hidden) news.click(); } },
  ], signal);

  load(false);

  async function load(older) {
    try {
      const after = older && next ? `&after=${encodeURIComponent(next)}` : "";
      const answer = await get(`/ui/api/traces?limit=50&q=${encodeURIComponent(q)}${after}`, { signal });
      shown = older ? [...shown, ...answer.traces] : answer.traces;
      ({ next, cut } = answer);
      fill(problem);
      draw();
      if (!older) poll(look, () => Math.max(Pause, Share * took), signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(problem, error.message);
      if (error.away) setTimeout(() => { if (!signal.aborted) load(older); }, Pause);
    }
  }

  async function countAll() {
    count.disabled = true;
    fill(status, "Counting …");
    try {
      const all = await get(`/ui/api/traces/count?q=${encodeURIComponent(q)}`, { signal });
      counted = all.cut ? `${format.count(all.count)} of the newest ${format.count(all.looked_at)} that were looked at.` : `${format.count(all.count)} in all.`;
    } catch (error) {
      if (error.name === "AbortError") return;
      counted = error.message;
    }
    count.disabled = false;
    draw();
  }

  /** Puts what is new before what is shown; in its place where more came than was asked for, so that none is left out. */
  function take() {
    const id = shown[selected]?.id;
    shown = rest === null ? [...fresh, ...shown] : fresh;
    if (rest !== null) next = rest;
    selected = Math.max(0, selected === 0 ? 0 : shown.findIndex(trace => trace.id === id));
    [fresh, rest] = [[], null];
  }

  /** What is new, and what has become of those at the top. */
  async function look() {
    if (paused) return;
    const begun = performance.now();
    const answer = await get(`/ui/api/traces?limit=50&q=${encodeURIComponent(q)}`, { signal });
    took = performance.now() - begun;
    const known = new Map(answer.traces.map(trace => [trace.id, trace]));
    const before = JSON.stringify(shown);
    shown = shown.map(trace => known.get(trace.id) ?? trace);
    const ids = new Set(shown.map(trace => trace.id));
    fresh = answer.traces.filter(trace => !ids.has(trace.id) && (shown.length === 0 || trace.created >= shown[0].created));
    rest = fresh.length > 0 && fresh.length === answer.traces.length ? answer.next : null;
    // Somebody who is at the top, and has chosen nothing, sees it come; else it waits to be asked for.
    if (fresh.length > 0 && selected === 0 && scrollY === 0) take();
    if (before !== JSON.stringify(shown) || fresh.length > 0) draw();
  }

  function draw() {
    const focus = body.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    fill(names, columns.map(([name]) => h("th", { scope: "col" }, name)));
    fill(body, shown.map((trace, i) => row(trace, i === selected)));
    if (focus) body.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    table.hidden = shown.length === 0;
    empty.hidden = shown.length > 0;
    if (shown.length === 0) fill(empty, nothing());
    more.hidden = next === null;
    count.hidden = shown.length === 0;
    news.hidden = fresh.length === 0;
    fill(news, `${fresh.length} new`);
    fill(status, counted, counted ? " " : null, cut ? "Looked at the newest 20,000; “Older” looks further." : next === null && shown.length > 0 ? "These are all." : null);
  }

  function row(trace, isSelected) {
    return h("tr", { "aria-selected": String(isSelected), class: trace.error === null ? "" : "failed", onclick: event => { if (!event.target.closest("a")) go(address(trace)); } },
      columns.map(([, cell]) => cell(trace)));
  }

  function choose(column, is) {
    columns = Columns.filter(each => (each === column ? is : columns.includes(each)));
    localStorage.setItem(Chosen, JSON.stringify(columns.map(([name]) => name)));
    draw();
  }

  function move(by) {
    selected = Math.max(0, Math.min(shown.length - 1, selected + by));
    [...body.children].forEach((element, i) => element.setAttribute("aria-selected", String(i === selected)));
    body.children[selected]?.scrollIntoView({ block: "nearest" });
  }

  function setPaused(is) {
    paused = is;
    pause.setAttribute("aria-pressed", String(is));
    fill(pause, is ? "Go on" : "Pause");
  }

  const nothing = () => q
    ? [h("h2", null, "No trace matches"), h("p", null, h("a", { href: "/" }, "Show all"))]
    : [h("h2", null, "Nothing was logged yet"), h("p", null, "Log a trace, and it shows here within seconds:"),
      h("pre", { tabindex: 0 }, `curl -X POST ${location.origin}/v5/flows/log -H 'Content-Type: application/json' \\\n  -d '{"path": "hello", "inputs": {"question": "Who is there?"}, "output": "It is me.", "trace_status": "complete"}'`),
      h("p", null, "or give it the sample: ", h("code", null, "worker publish config/samples"), ".")];
}

const address = trace => `/trace?id=${encodeURIComponent(trace.id)}`;

/** Abstentions in one word. */
function verdicts(trace) {
  const silent = trace.verdicts.filter(each => format.judgment(each) === "abstains");
  return [worstFirst(trace.verdicts.filter(each => !silent.includes(each))).map(chip),
    silent.length === 0 ? null : h("span", { class: "quiet", title: silent.map(each => each.path).join(", ") }, silent.length === 1 ? "1 abstains" : `${silent.length} abstain`)];
}

/** The columns that are shown; the Flow, which leads to the trace, always is. */
function chosen() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(Chosen)); } catch { /* Of another program at this address, or an earlier one. */ }
  return Columns.filter(([name, , usual]) => name === "Flow" || (Array.isArray(kept) ? kept.includes(name) : usual));
}

function choice(columns, choose) {
  return h("details", { class: "help" }, h("summary", null, "Columns"),
    h("p", { class: "choice" }, Columns.filter(([name]) => name !== "Flow").map(column =>
      h("label", null, h("input", { type: "checkbox", checked: columns.includes(column), onchange: event => choose(column, event.target.checked) }), " ", column[0]))));
}

const help = () => h("details", { class: "help" }, h("summary", { id: "search-help" }, "What can be searched"),
  h("dl", null, [
    ["words", "in inputs, outputs, errors and metadata; “two words” in quotes"],
    ["path:support/**", "the Flow's path"], ["status:incomplete", "complete or incomplete"], ["is:judged", "judged, evaluating, settling, unjudged"],
    ["error:true", "or a part of the error"], ["user:…  environment:…  id:…", "who, where, which"],
    ["duration:>2s  cost:>0.01  tokens:1000..5000", "ranges, by what the Flow Log itself says"],
    ["since:2h  until:2026-01-31", "how long ago, or a date"],
    ["verdict.monitoring/latency:false", "a judgment; also >0.5, or error"], ["given.monitoring/latency:24h..1h", "when the verdict was given"], ["metadata.tier:free", "a value in the metadata"],
    ["-…", "before any of these: what must not be"],
  ].map(([what, means]) => [h("dt", null, h("code", null, what)), h("dd", null, means)])));
