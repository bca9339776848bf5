// What differs between two Logs, or between what was judged of one in two of its revisions.
import { h, fill } from "./dom.js";
import { get, text } from "./api.js";
import { bind } from "./keys.js";
import { go } from "./main.js";
import { differences } from "./diff.js";
import * as format from "./format.js";

export async function compare(page, query, signal) {
  document.title = "Compare · worker";
  const id = query.get("id") ?? "", other = query.get("with");
  let at = -1, pair = {};
  const problem = h("p", { role: "alert", class: "bad" });
  const body = h("div");
  const title = h("h1", null, "Compare");
  const pick = h("input", { type: "text", value: other ?? "", spellcheck: "false", autocomplete: "off", "aria-label": "Another Log, by its id", placeholder: "Another Log, by its id" });
  const form = h("form", { class: "search", onsubmit: event => { event.preventDefault(); if (pick.value.trim()) go(address({ with: pick.value.trim() })); } }, pick, h("button", null, "Compare"));
  const revisions = h("div", { class: "bar" });
  fill(page, h("div", { class: "bar" }, title, revisions, form), problem, body);
  bind([
    { keys: ["n", "j", "ArrowDown"], does: "Next difference", run: () => step(1) },
    { keys: ["N", "k", "ArrowUp"], does: "Difference before", run: () => step(-1) },
    { keys: ["x"], does: "The other way round", run: () => go(swapped()) },
    { keys: ["/"], does: "Another Log, by its id", run: () => { pick.focus(); pick.select(); } },
    { keys: ["Escape"], run: event => { if (event.target !== pick) return false; pick.blur(); return undefined; } },
  ], signal);

  try {
    const [one, why] = await Promise.all([get(`/ui/api/log?id=${encodeURIComponent(id)}`, { signal }), get(`/ui/api/explain?id=${encodeURIComponent(id)}`, { signal })]);
    const all = [...new Set([...one.verdicts.map(each => each.revision), ...why.decisions.map(each => each.revision)].filter(Number.isInteger))].sort((a, b) => a - b);
    chooser(all);
    if (other) return logs(one, await get(`/ui/api/log?id=${encodeURIComponent(other)}`, { signal }));
    if (all.length > 1) return ofRevisions(one, why, all);
    return fill(body, h("p", null, named(one)), h("p", null, all.length === 0 ? "It has not been judged" : "It has been judged in one revision", ": give the id of another Log to compare the two."));
  } catch (error) {
    if (error.name !== "AbortError") fill(problem, error.message);
    return undefined;
  }

  function chooser(all) {
    if (all.length < 2 || other) return;
    const [from, to] = chosen(all);
    const select = (name, value) => h("select", { "aria-label": name === "from" ? "From revision" : "To revision", onchange: event => go(address({ [name]: event.target.value })) },
      all.map(each => h("option", { value: each, selected: each === value }, each)));
    fill(revisions, h("label", null, "Revision ", select("from", from)), h("label", null, "and ", select("to", to)));
  }

  function chosen(all) {
    const [from, to] = ["from", "to"].map(name => Number(query.get(name)));
    pair = { from: all.includes(from) ? from : all.at(-2), to: all.includes(to) ? to : all.at(-1) };
    return [pair.from, pair.to];
  }

  function swapped() {
    return other ? `/compare?${new URLSearchParams({ id: other, with: id })}` : address({ from: pair.to, to: pair.from });
  }

  function logs(one, two) {
    const names = [...new Set([...Object.keys(one.fields), ...Object.keys(two.fields)])];
    const facts = each => ({ path: each.path, version: each.version_id, created: format.instant(each.created), duration: each.start === null || each.end === null ? undefined : format.duration(each.end - each.start) });
    const verdicts = each => Object.fromEntries(each.verdicts.filter(verdict => !verdict.superseded).map(verdict => [verdict.path + (verdict.outside ? ` (${verdict.user ?? "outside"})` : ""), format.judgment(verdict)]));
    show([h("p", null, h("span", { class: "gone" }, "- "), named(one), h("br"), h("span", { class: "come" }, "+ "), named(two))], [
      ["", facts(one), facts(two)],
      ["", pickFields(one, names), pickFields(two, names), [one, two]],
      ["Verdicts", verdicts(one), verdicts(two)],
    ]);
  }

  function ofRevisions(log, why, all) {
    const [from, to] = chosen(all);
    const began = revision => why.decisions.filter(each => each.revision === revision).map(each => Date.parse(each.at) * 1000).sort((a, b) => a - b)[0];
    const [one, two] = [began(Math.min(from, to)), began(Math.max(from, to))];
    const since = Object.entries(log.said_at ?? {}).filter(([, said]) => one !== undefined && two !== undefined && said > one && said <= two).map(([name]) => name);
    const paths = [...new Set([...log.verdicts.filter(each => !each.outside).map(each => each.path), ...why.decisions.map(each => each.path ?? each.evaluator_id)])].sort();
    const side = (path, revision) => {
      const verdict = log.verdicts.find(each => each.path === path && each.revision === revision);
      const decision = why.decisions.find(each => (each.path ?? each.evaluator_id) === path && each.revision === revision);
      if (!verdict && !decision) return {};
      return { outcome: decision?.outcome, why: verdict ? undefined : decision?.reason, judgment: verdict?.judgment, error: verdict?.error, reason: verdict?.reason, printed: verdict?.stdout, ...verdict?.details };
    };
    show([h("p", null, named(log)), h("p", { class: "facts" }, `Revision ${from}${told(began(from))} and revision ${to}${told(began(to))}: what was decided and said of it in each.`),
      h("p", { class: "facts" }, since.length > 0 ? ["Said of it in between, by the senders' clocks: ", since.map((each, i) => [i > 0 ? ", " : null, h("code", null, each)]), ". "] : "Nothing that stands was said of it in between: something under it has changed, or gone. ",
        "Of what a Log says only the latest is kept; what it said before is in what a model was asked, if one was.")],
    paths.map(path => [path, side(path, from), side(path, to)]));
  }

  function show(before, groups) {
    const parts = groups.map(([name, one, two, owners]) => group(name, one, two, owners)).filter(Boolean);
    const same = groups.flatMap(([name, one, two]) => Object.keys({ ...one, ...two }).filter(key => equal(one[key], two[key]) && one[key] !== undefined && one[key] !== null).map(key => (name && name !== "Verdicts" ? `${name}: ${key}` : key)));
    fill(body, before, parts.length === 0 ? h("p", null, "They do not differ.") : parts, same.length === 0 ? null : h("details", null, h("summary", null, `The same in both (${same.length})`), h("ul", null, same.map(each => h("li", null, each)))));
  }

  function group(name, one, two, owners) {
    const names = Object.keys({ ...one, ...two }).filter(key => !equal(one[key] ?? null, two[key] ?? null) || long(one[key]) || long(two[key]));
    if (names.length === 0) return null;
    return h("section", null, name ? h("h2", { class: "group" }, name) : null, names.map(key => h("section", { class: "field", tabindex: -1 }, h("h3", null, key), field(key, one[key], two[key], owners))));
  }

  /** Values that the worker kept back are asked for when somebody wants to see them. */
  function field(key, one, two, owners) {
    if (!long(one) && !long(two)) return differences(words(one), words(two));
    const size = [one, two].filter(long).reduce((sum, each) => sum + each.$length, 0);
    const place = h("div", null, h("button", { type: "button", onclick: async () => {
      fill(place, h("p", { class: "quiet" }, "Reading …"));
      try {
        const [left, right] = await Promise.all([one, two].map(async (each, i) => (long(each) ? unpacked(await text(`/ui/api/field?id=${encodeURIComponent(owners[i].id)}&field=${encodeURIComponent(key)}`, { signal })) : words(each))));
        fill(place, left === right ? h("p", null, "The same in both.") : differences(left, right));
      } catch (error) {
        if (error.name !== "AbortError") fill(place, h("p", { class: "bad" }, error.message));
      }
    } }, `Compare ${format.bytes(size)}`));
    return place;
  }

  function step(by) {
    const all = [...body.querySelectorAll(".field")];
    if (all.length === 0) return;
    at = Math.max(0, Math.min(all.length - 1, at + by));
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "start" });
  }
}

const pickFields = (log, names) => Object.fromEntries(names.map(name => [name, log.fields[name]]));
const long = value => value !== null && typeof value === "object" && "$length" in value;
const equal = (one, other) => one === other || (!long(one) && !long(other) && JSON.stringify(one) === JSON.stringify(other));
const words = value => (value === undefined || value === null ? "" : typeof value === "string" ? spelled(value) : JSON.stringify(value, null, 2));
const unpacked = json => (json.startsWith("\"") ? spelled(JSON.parse(json)) : json.length > 1e6 ? json : JSON.stringify(JSON.parse(json), null, 2));
const told = us => (us === undefined ? "" : ` (${format.moment(us)})`);
const named = log => [h("span", { class: "kind", "data-kind": log.kind }, log.kind), " ", h("b", null, log.path ?? "no File"), " ", h("a", { href: `/trace?id=${encodeURIComponent(log.id)}&log=${encodeURIComponent(log.id)}` }, h("code", null, log.id))];

/** JSON in a text is compared line by line, too. */
function spelled(given) {
  if (!/^\s*[[{]/.test(given) || given.length > 1e6) return given;
  try { return JSON.stringify(JSON.parse(given), null, 2); } catch { return given; }
}

function address(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  return `/compare?${query}`;
}
