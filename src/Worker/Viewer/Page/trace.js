// One trace: its tree, the details of one Log, find, and the keys for all of it.
import { h, fill, focusable } from "./dom.js";
import { get, lines, poll } from "./api.js";
import { bind } from "./keys.js";
import { chip } from "./verdict.js";
import { Tree, Folding } from "./tree.js";
import { Rows } from "./rows.js";
import { details } from "./details.js";
import * as format from "./format.js";

const LiveFor = 2000;
const Patience = 15000;

/** Logs that are shown before the others are read. */
const First = 1000;

export async function trace(page, query, signal) {
  const id = query.get("id") ?? "";
  let tree, folding, rows, hits = [], hit = -1, took = 0, tag, chose = false, seeking = new AbortController(), typing, remembering;
  const pending = {};

  // By hand, before all was there.
  const opened = new Set();
  page.className = "fills";

  const title = h("h1", null, id);
  const facts = h("p", { class: "facts" });
  const problem = h("p", { role: "alert", class: "bad" });
  const treeSide = h("section", { class: "side", "aria-label": "Trace" });
  const logSide = h("section", { class: "side details", "aria-label": "Log", tabindex: -1 });
  const find = h("input", { type: "search", "aria-label": "Find in everything that the trace holds", placeholder: "Find in payloads (/)", value: query.get("find") ?? "", oninput: () => seek() });
  const found = h("span", { class: "quiet", role: "status" });
  const level = h("select", { "aria-label": "Open to level", onchange: () => { folding.level(Number(level.value)); rows.refresh(); rows.select(visibleOf(rows.selected)); } });
  const short = h("select", { "aria-label": "Hide what is shorter", onchange: () => { folding.shortest = Number(short.value); rows.refresh(); } },
    [[0, "any duration"], [1e3, "≥ 1 ms"], [1e4, "≥ 10 ms"], [1e5, "≥ 100 ms"], [1e6, "≥ 1 s"]].map(([us, name]) => h("option", { value: us }, name)));
  const errors = h("button", { type: "button", onclick: () => nextWhere(row => tree.failed(row), 1) });

  fill(page,
    h("div", { class: "bar" }, title, facts),
    h("div", { class: "bar" }, find, h("button", { type: "button", title: "Hit before (N)", onclick: () => go(-1) }, "↑"), h("button", { type: "button", title: "Next hit (n)", onclick: () => go(1) }, "↓"), found,
      h("label", null, "Level ", level), h("label", null, "Show ", short), errors),
    problem, h("div", { class: "split" }, treeSide, logSide));

  try {
    await load();
  } catch (error) {
    if (error.name !== "AbortError") fill(problem, error.message, error.status === 404 ? [" ", h("a", { href: "/" }, "All traces")] : null);
    if (!error.away) return;
    await new Promise(resolve => setTimeout(resolve, LiveFor));
    if (!signal.aborted) { fill(page); trace(page, query, signal); }
    return;
  }

  if (find.value) seek();
  rows.element.focus({ preventScroll: true });
  poll(load, () => (isLive() ? Math.max(LiveFor, took * 10) : Patience), signal);
  bind(keys(), signal);
  document.addEventListener("back", () => details(logSide, tree.id[rows.selected], signal, { keep: true }), { signal });

  async function load() {
    const began = performance.now();
    const answer = await get(`/ui/api/trace?id=${encodeURIComponent(id)}${tree ? "" : `&most=${First}`}`, { signal, tag });
    took = performance.now() - began;
    if (answer === null) return;
    tag = answer.tag;
    const open = tree && { id: tree.id[rows.selected], part: tree.part, closed: new Set(tree.id.filter((_, row) => folding.closed[row])), scroll: rows.element.scrollTop, shortest: folding.shortest, hits: hits.map(row => tree.id[row]) };
    tree = new Tree(answer);
    folding = new Folding(tree);
    folding.shortest = open?.shortest ?? 0;
    tree.id.forEach((each, row) => { if (open?.closed.has(each)) folding.closed[row] = 1; });
    if ((!open || open.part) && tree.size > 5000) folding.level(2);
    opened.forEach(each => { if (tree.rowOf.has(each)) folding.closed[tree.rowOf.get(each)] = 0; });
    if (!tree.part) opened.clear();
    // Asked now: while it was read, the keys may have gone elsewhere.
    const had = document.activeElement === rows?.element;
    rows = new Rows(tree, folding, { select, toggle });
    fill(treeSide, rows.element);
    if (had) rows.element.focus({ preventScroll: true });
    head();
    const asked = query.get("log") ?? id;
    const wanted = tree.rowOf.get(open?.part && !chose && tree.rowOf.has(asked) ? asked : open?.id ?? asked) ?? 0;
    folding.reveal(wanted);
    rows.refresh();
    if (open) rows.element.scrollTop = open.scroll;
    rows.selected = wanted;
    if (open) { hits = open.hits.map(each => tree.rowOf.get(each)).filter(row => row !== undefined); rows.hits = new Set(hits); rows.refresh(); details(logSide, tree.id[wanted], signal, { keep: true }); }
    else select(wanted, { first: true });
    if (open?.part && !chose && tree.id[wanted] !== open.id) rows.select(wanted, { middle: true });
    if (open?.part && find.value) seek();
  }

  function isLive() { return tree.part || !tree.complete || tree.state === "settling" || tree.state === "evaluating"; }

  function head() {
    const name = tree.paths[tree.path[0]] || tree.head;
    document.title = `${name} · worker`;
    fill(title, name);
    const failed = tree.flags.reduce((sum, flags) => sum + (flags & 1), 0);
    const sum = column => (column.some(each => each !== null) ? column.reduce((total, each) => total + (each ?? 0), 0) : null);
    fill(facts, h("code", null, tree.head), ` · ${format.count(tree.size)} Logs${tree.part ? ", reading more …" : ""} · `, format.duration(tree.duration(0)) || "no times", sum(tree.cost) === null ? null : ` · ${format.cost(sum(tree.cost))}`,
      sum(tree.tokens) === null ? null : ` · ${format.count(sum(tree.tokens))} tokens`, " · ", tree.complete ? "complete" : h("span", { class: "mark" }, "incomplete"),
      tree.state ? ` · ${tree.state}${tree.revision > 1 ? `, revision ${tree.revision}` : ""}` : null, tree.waiting_for ? ` · waits for ${tree.waiting_for}` : null,
      " ", (tree.verdictsOf.get(0) ?? []).map(chip));
    fill(errors, failed === 0 ? "No errors" : `${format.count(failed)} ${failed === 1 ? "error" : "errors"} ›`);
    errors.disabled = failed === 0;
    const before = level.value;
    fill(level, h("option", { value: 1e9 }, "all"), Array.from({ length: Math.min(tree.depths, 12) }, (_, i) => h("option", { value: i + 1 }, i + 1)));
    level.value = before || (tree.size > 5000 && folding.closed.some(Boolean) ? 2 : 1e9);
  }

  function select(row, { middle = false, first = false } = {}) {
    rows.select(row, { middle });
    chose ||= !first;
    if (!first) remember({ log: row === 0 ? null : tree.id[row] });
    details(logSide, tree.id[row], signal);
  }

  function toggle(row, close) {
    folding.toggle(row, close);
    if (tree.part && !folding.closed[row]) opened.add(tree.id[row]);
    rows.refresh();
  }

  function visibleOf(row) { return rows.visible[rows.placeOf(row)]; }

  function step(by) {
    const place = Math.max(0, Math.min(rows.visible.length - 1, rows.placeOf(rows.selected) + by));
    select(rows.visible[place]);
  }

  function show(row) {
    folding.reveal(row);
    rows.refresh();
    select(row, { middle: true });
  }

  function nextWhere(holds, by) {
    for (let i = 1; i <= tree.size; i++) {
      const row = (rows.selected + by * i + tree.size * 2) % tree.size;
      if (holds(row)) return show(row);
    }
    return undefined;
  }

  function seek() {
    clearTimeout(typing);
    seeking.abort();
    typing = setTimeout(async () => {
      const text = find.value;
      remember({ find: text || null });
      [hits, hit] = [[], -1];
      rows.hits = new Set();
      fill(found);
      if (!text) return rows.refresh();
      seeking = new AbortController();
      signal.addEventListener("abort", () => seeking.abort());
      const name = text.toLowerCase();
      const own = new Set(tree.id.map((each, row) => row).filter(row => tree.id[row].toLowerCase().includes(name) || tree.paths[tree.path[row]].toLowerCase().includes(name)));
      try {
        own.forEach(row => rows.hits.add(row));
        for await (const page of lines(`/ui/api/find?id=${encodeURIComponent(tree.head)}&q=${encodeURIComponent(text)}`, seeking.signal)) {
          page.hits.forEach(each => { const row = tree.rowOf.get(each); if (row !== undefined) rows.hits.add(row); });
          const at = hits[hit];
          hits = [...rows.hits].sort((one, other) => one - other);
          if (at !== undefined) hit = hits.indexOf(at);
          if (hit < 0 && hits.length > 0) go(1, { from: 0 });
          else rows.refresh();
          fill(found, `${place()}, ${format.count(page.looked_at)} looked at`);
        }
        fill(found, place());
      } catch (error) {
        if (error.name !== "AbortError") fill(found, error.message);
      }
      return undefined;
    }, 200);
  }

  function place() { return hits.length === 0 ? "nothing found" : `${hit + 1} of ${format.count(hits.length)} Logs`; }

  function go(by, { from } = {}) {
    if (hits.length === 0) return;
    const at = from ?? (hit < 0 ? 0 : hit + by);
    hit = (at + hits.length) % hits.length;
    show(hits[hit]);
    fill(found, place());
  }

  function remember(change) {
    Object.assign(pending, change);
    clearTimeout(remembering);
    remembering = setTimeout(() => {
      if (signal.aborted) return;
      const address = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(pending)) {
        if (value === null) address.delete(name);
        else address.set(name, value);
      }
      history.replaceState(null, "", `?${address}`);
    }, 120);
  }

  function keys() {
    const page = () => Math.max(1, Math.floor(rows.element.clientHeight / 26) - 1);
    return [
      { keys: ["ArrowDown", "j"], does: "Next Log", run: () => step(1) },
      { keys: ["ArrowUp", "k"], does: "Log before", run: () => step(-1) },
      { keys: ["PageDown"], run: () => step(page()) },
      { keys: ["PageUp"], run: () => step(-page()) },
      { keys: ["Home"], does: "First", run: () => step(-tree.size) },
      { keys: ["End"], does: "Last", run: () => step(tree.size) },
      { keys: ["ArrowRight"], does: "Open, then down", run: () => (folding.closed[rows.selected] ? toggle(rows.selected, false) : tree.below[rows.selected] ? step(1) : undefined) },
      { keys: ["ArrowLeft"], does: "Close, then up", run: () => (tree.below[rows.selected] && !folding.closed[rows.selected] ? toggle(rows.selected, true) : tree.parent[rows.selected] >= 0 ? select(tree.parent[rows.selected]) : undefined) },
      { keys: [" "], does: "Open or close", run: event => (event.target.closest?.("button, summary, a") ? false : toggle(rows.selected)) },
      { keys: ["*"], does: "Open all", run: () => { folding.level(1e9); rows.refresh(); } },
      { keys: ["-"], does: "Close all", run: () => { folding.level(1); rows.refresh(); select(visibleOf(rows.selected)); } },
      { keys: ["/", "Ctrl-f"], does: "Find in all payloads", run: () => { find.focus(); find.select(); } },
      { keys: ["Enter"], run: event => (event.target === find ? go(1) : false) },
      { keys: ["Escape"], run: event => { if (event.target !== find) return false; rows.element.focus(); return undefined; } },
      { keys: ["n"], does: "Next hit", run: () => go(1) },
      { keys: ["N"], does: "Hit before", run: () => go(-1) },
      { keys: ["e"], does: "Next error", run: () => nextWhere(row => tree.failed(row), 1) },
      { keys: ["E"], does: "Error before", run: () => nextWhere(row => tree.failed(row), -1) },
      { keys: ["z"], does: "Zoom to the Log's time", run: () => { const row = rows.selected; const start = tree.start[row] ?? tree.end[row]; if (start !== null) rows.zoom(start - (tree.last(row) - start) * 0.05, (tree.last(row) - start) * 1.1); } },
      { keys: ["Z"], does: "All of the time", run: () => rows.zoom(tree.from, tree.to - tree.from) },
      { keys: ["d"], does: "To the details", run: () => (focusable(logSide)[0] ?? logSide).focus() },
    ];
  }
}
