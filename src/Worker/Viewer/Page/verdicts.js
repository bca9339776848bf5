// What Evaluators said in a time: how many, how many of them true, what failed, what it cost, and the traces behind each number.
import { h, svg, fill, refill } from "./dom.js";
import { get } from "./api.js";
import { bind } from "./keys.js";
import { go } from "./main.js";
import { agreement, peoples } from "./agreement.js";
import * as format from "./format.js";

const Times = [["1h", "Hour"], ["24h", "Day"], ["7d", "Week"], ["30d", "30 days"]];
const [Width, Height] = [240, 34];
const Hour = 3600e6;

export function verdicts(page, query, signal) {
  document.title = "Verdicts · worker";
  const since = query.get("since") ?? "24h", until = query.get("until"), path = query.get("path") ?? "";
  let selected = 0, answer, asking;

  const input = h("input", { type: "search", value: path, spellcheck: "false", autocomplete: "off", "aria-label": "Evaluators by path", placeholder: "Evaluators by path: monitoring/**" });
  const form = h("form", { class: "search", role: "search", onsubmit: event => { event.preventDefault(); go(address({ path: input.value.trim() })); } }, input, h("button", null, "Show"));
  const times = h("div", { class: "bar", role: "group", "aria-label": "Time" }, Times.map(([value, name]) =>
    h("a", { class: "pill", href: address({ since: value, until: null }), "aria-current": value === since && !until ? "true" : null }, name)));
  const problem = h("p", { role: "alert", class: "bad" });
  const status = h("p", { class: "facts", role: "status" });
  const body = h("tbody");
  const table = h("table", { class: "plain verdicts", "aria-label": "Verdicts by Evaluator and Version", hidden: true },
    h("thead", null, h("tr", null, [["Evaluator"], ["Result"], ["Trend"], ["Verdicts", 1], ["Failed", 1], ["Abstained", 1], ["Cost", 1], ["Tokens", 1], [""]].map(([name, isNumber]) => h("th", { scope: "col", class: isNumber ? "number" : null }, name || h("span", { class: "unseen" }, "Which"))))), body);
  const empty = h("div", { class: "empty", hidden: true });
  const side = h("section", { class: "against", "aria-label": "More of one Evaluator" });

  fill(page, h("div", { class: "bar" }, h("h1", null, "Verdicts"), times, form, h("button", { type: "button", onclick: () => load() }, "Look again")), status, problem, h("div", { class: "scroll" }, table), empty, side);
  bind([
    { keys: ["/", "Ctrl-f"], does: "Evaluators by path", run: () => { input.focus(); input.select(); } },
    ...Times.map(([value, name], i) => ({ keys: [String(i + 1)], does: `The last: ${name}`, run: () => go(address({ since: value, until: null })) })),
    { keys: ["ArrowDown", "j"], does: "Next Version", run: () => move(1) },
    { keys: ["ArrowUp", "k"], does: "Version before", run: () => move(-1) },
    { keys: ["Enter"], does: "The traces behind it", run: event => (event.target.closest?.("a, button, input") ? false : body.children[selected]?.querySelector("a")?.click()) },
    { keys: ["b"], does: "By path and environment", run: () => { parts(pairs()[selected]?.evaluator); } },
    { keys: ["a"], does: "Agreement with people", run: () => { agrees(pairs()[selected]?.evaluator); } },
    { keys: ["f"], does: "The latest that failed or are false", run: () => named(pairs()[selected]) },
    { keys: ["l"], does: "Look again", run: () => { load(); } },
  ], signal);
  load();

  async function load() {
    fill(status, "Reading verdicts …");
    const asked = new URLSearchParams({ since, ...(until ? { until } : {}), ...(path ? { path } : {}) });
    try {
      answer = await get(`/ui/api/verdicts?${asked}`, { signal });
      fill(problem);
      draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(status);
      fill(problem, error.message);
      if (error.away) setTimeout(() => { if (!signal.aborted) load(); }, 3000);
    }
  }

  function pairs() { return (answer?.evaluators ?? []).flatMap(evaluator => evaluator.versions.map(version => ({ evaluator, version }))); }

  function draw() {
    const all = pairs();
    table.hidden = all.length === 0;
    empty.hidden = all.length > 0;
    if (all.length === 0) fill(empty, nothing(path));
    const cut = answer.evaluators.filter(each => each.is_cut).map(each => each.path);
    fill(status, `From ${format.moment(answer.from)} to ${format.moment(answer.until)}, by when a verdict was given. `,
      cut.length > 0 ? `Of ${cut.join(", ")} the latest ${format.count(answer.most_verdicts)} were looked at. ` : null, answer.is_cut ? "Not all Evaluators were looked at: ask for some by path." : null);
    refill(body, all.map((pair, i) => row(pair, i)));
    asking?.abort();
    fill(side);
  }

  function row({ evaluator, version }, i) {
    const find = (value, from = version.first, to = version.last + 1) => search(evaluator.path, value, from, to, answer.until);
    const link = (n, value) => (n === 0 ? h("span", { class: "quiet" }, "0") : h("a", { href: find(value) }, format.count(n)));
    const name = evaluator.path ?? evaluator.id;
    return h("tr", { "aria-selected": String(i === selected) },
      h("th", { scope: "row" }, name, h("div", { class: "facts" }, h("code", { title: version.version_id }, (version.version_id ?? "no Version").slice(0, 12)), version.is_current ? " · judges now" : null,
        i === 0 || evaluator.versions[0] === version ? superseded(evaluator) : null)),
      h("td", { class: "wrap" }, result(version, find)), h("td", null, trend(version, name, find)),
      h("td", { class: "number" }, format.count(version.count)), h("td", { class: "number" }, link(version.failed, "error")),
      h("td", { class: "number" }, version.abstained === 0 ? h("span", { class: "quiet" }, "0") : format.count(version.abstained)),
      h("td", { class: "number" }, format.cost(version.cost)), h("td", { class: "number" }, format.count(version.tokens)),
      h("td", { class: "doings" }, version.against.length === 0 ? null : h("button", { type: "button", class: "small", "aria-label": `The latest of ${name} that failed or are false`, onclick: () => named({ evaluator, version }) }, "Latest"),
      evaluator.versions[0] === version ? [" ", h("button", { type: "button", class: "small", "aria-label": `${name} by path and environment`, onclick: () => parts(evaluator) }, "By path"),
        evaluator.is_human ? null : [" ", h("button", { type: "button", class: "small", "aria-label": `${name}: agreement with people`, onclick: () => agrees(evaluator) }, "Agreement")]] : null));
  }

  /** Something of one Evaluator below the table, in the place of what is there or was asked for. */
  async function beside(title, words, what, evaluator, show) {
    asking?.abort();
    const { signal: wanted } = asking = new AbortController(), heading = h("h2", { tabindex: -1 }, title), content = h("div", null, words);
    fill(side, heading, content);
    heading.focus();
    if (!what) return;
    try {
      const asked = new URLSearchParams({ evaluator: evaluator.id, since: new Date(answer.from / 1000).toISOString(), until: new Date(answer.until / 1000).toISOString() });
      fill(content, show(await get(`/ui/api/verdicts/${what}?${asked}`, { signal: AbortSignal.any([signal, wanted]) })));
      side.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (error.name !== "AbortError") fill(content, h("p", { class: "bad" }, error.message));
    }
  }

  /** Whether one Evaluator judges as people do. */
  function agrees(evaluator) {
    if (!evaluator) return;
    const name = evaluator.path ?? evaluator.id, title = `${name}: agreement with people`;
    if (evaluator.is_human) beside(title, peoples(name));
    else beside(title, h("p", { class: "quiet" }, "Comparing with people's verdicts …"), "agreement", evaluator, found => agreement(found, name));
  }

  /** One Evaluator by what it judged. */
  function parts(evaluator) {
    if (!evaluator) return;
    const name = evaluator.path ?? evaluator.id;
    beside(`${name} by path and environment`, h("p", { class: "quiet" }, "Reading what was judged …"), "parts", evaluator, found => {
      const deployed = found.parts.some(part => part.deployments.length > 0);
      return [h("p", { class: "facts" }, "All Versions together, by what the judged Log says of itself. ", found.is_cut ? `The latest ${format.count(found.most_verdicts)} were looked at. ` : null,
        deployed ? "A stroke in the trend is a deployment of the judged File; of each Environment the store knows the latest alone." : "The store knows of no deployment of these Files in that time."),
      h("div", { class: "scroll" }, h("table", { class: "plain verdicts", "aria-label": `${name} by path and environment` },
        h("thead", null, h("tr", null, [["Path"], ["Environment"], ["Result"], ["Trend"], ["Verdicts", 1], ["Failed", 1], ["Abstained", 1]].map(([each, isNumber]) => h("th", { scope: "col", class: isNumber ? "number" : null }, each)))),
        h("tbody", null, found.parts.map(part => partRow(part, name, evaluator.path)))))];
    });
  }

  function partRow({ path, kind, environment, sums, deployments }, name, evaluator) {
    const where = kind === "flow" && path ? `path:${quoted(path)}${environment ? ` environment:${quoted(environment)}` : ""}` : null;
    const find = where ? (value, from = sums.first, to = sums.last + 1) => search(evaluator, value, from, to, answer.until, where) : null;
    return h("tr", null, h("th", { scope: "row" }, path ?? (kind ? "no File" : "not stored any more"), " ", kind ? h("span", { class: "kind", "data-kind": kind }, kind) : null,
      deployments.map(each => h("div", { class: "facts" }, `${each.environment}: `, h("code", { title: each.version_id }, each.version_id.slice(0, 12)), ` since ${format.moment(each.at)}`))),
      h("td", null, environment ?? h("span", { class: "quiet" }, "none said")), h("td", { class: "wrap" }, result(sums, find)), h("td", null, trend(sums, `${name} on ${path ?? "others"}`, find, deployments)),
      [sums.count, sums.failed, sums.abstained].map(each => h("td", { class: "number" }, format.count(each))));
  }

  function named(pair) {
    if (!pair || pair.version.against.length === 0) return;
    asking?.abort();
    fill(side, h("h2", null, `The latest of ${pair.evaluator.path ?? pair.evaluator.id} that failed or are false`), h("ul", null, pair.version.against.map(each => h("li", null,
      h("span", { class: "quiet" }, `${format.moment(each.at)} · ${each.failed ? "failed" : "false"} · `), h("a", { href: `/trace?id=${encodeURIComponent(each.log_id)}&log=${encodeURIComponent(each.log_id)}` }, each.log_id)))));
    side.querySelector("a").focus();
  }

  function trend(version, name, find, deployments = []) {
    const step = (answer.until - answer.from) / version.trend.length, wide = Width / version.trend.length;
    const most = Math.max(...version.trend.map(([count]) => count), 1);
    const isRate = version.numbers === 0 && version.true + version.false > 0;
    const [least, top] = isRate ? [0, 1] : [Math.min(0, version.least ?? 0), version.most ?? 0];
    const dots = [];
    const bars = version.trend.map(([count, measure, failed], i) => {
      if (count === 0) return null;
      const tall = Math.max(2, count / most * Height), bad = failed === 0 ? 0 : Math.max(2, failed / count * tall);
      if (measure !== null && top > least) dots.push([i * wide + wide / 2, Height - 2 - (measure - least) / (top - least) * (Height - 4)]);
      const from = answer.from + i * step;
      const words = [format.moment(from), `${format.count(count)} verdicts`, measure === null ? null : isRate ? `${percent(measure)} true` : `mean ${format.short(measure)}`, failed > 0 ? `${failed} failed` : null].filter(Boolean).join(", ");
      return svg("g", { class: "part", onclick: () => find && go(find(failed > 0 ? "error" : version.false > 0 ? "false" : null, from, from + step)) }, svg("title", null, words), svg("rect", { class: "back", x: i * wide, y: 0, width: wide, height: Height }),
        svg("rect", { class: "count", x: i * wide + 0.5, y: Height - tall, width: Math.max(1, wide - 1), height: tall - bad }), bad > 0 ? svg("rect", { class: "failed", x: i * wide + 0.5, y: Height - bad, width: Math.max(1, wide - 1), height: bad }) : null);
    });
    return svg("svg", { class: "trend", width: Width, height: Height, viewBox: `0 0 ${Width} ${Height}`, role: "img", "aria-label": `${name}: ${format.count(version.count)} verdicts over the time, ${said(version)}` }, bars,
      deployments.map(each => { const x = (each.at - answer.from) / (answer.until - answer.from) * Width; return svg("line", { class: "deployed", x1: x, x2: x, y1: 0, y2: Height }, svg("title", null, `${each.environment}: ${each.version_id}, ${format.moment(each.at)}`)); }),
      dots.length > 1 ? svg("polyline", { points: dots.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") }) : dots.map(([x, y]) => svg("circle", { cx: x, cy: y, r: 2 })));
  }

  function move(by) {
    selected = Math.max(0, Math.min(body.children.length - 1, selected + by));
    [...body.children].forEach((element, i) => element.setAttribute("aria-selected", String(i === selected)));
    body.children[selected]?.scrollIntoView({ block: "nearest" });
  }
}

function address(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  return `/verdicts${query.size > 0 ? `?${query}` : ""}`;
}

/** The list of those traces: by judgment, and by when it was given; what was created after that is not looked through. */
function search(path, value, from, to, until, where = null) {
  const time = us => new Date(Math.floor(us / 1000)).toISOString().replace("Z", `${String(Math.floor(us) % 1000).padStart(3, "0")}Z`);
  const term = value === null ? null : `verdict.${path}:${/\s/.test(value) ? `"${value}"` : value}`;
  const late = to < until - Hour ? `until:${time(to + Hour)}` : null;
  return `/?q=${encodeURIComponent([where, term, `given.${path}:${time(from)}..${time(to)}`, late].filter(Boolean).join(" "))}`;
}

function result(version, find) {
  const decided = version.true + version.false;
  return [
    decided === 0 ? null : [h("b", null, percent(version.true / decided)), " true ", h("span", { class: "quiet" }, "("), part(version.true, "true", find), h("span", { class: "quiet" }, ", "), part(version.false, "false", find), h("span", { class: "quiet" }, ")")],
    version.numbers === 0 ? null : h("div", null, "mean ", link(find, null, h("b", null, format.short(version.mean))), h("span", { class: "quiet" }, `, ${format.short(version.least)} to ${format.short(version.most)}`)),
    version.texts.length === 0 ? null : h("div", { class: "texts" }, version.texts.map(({ text, count }) => [link(find, text, h("span", { class: "chip" }, text.length > 24 ? `${text.slice(0, 24)}…` : text, " ", h("b", null, format.count(count)))), " "])),
  ];
}

const part = (n, value, find) => (n === 0 ? `0 ${value}` : link(find, value, `${format.count(n)} ${value}`));
/** What is in no list has no link. */
const link = (find, value, content) => (find ? h("a", { href: find(value) }, content) : content);
const quoted = text => (/\s/.test(text) ? `"${text}"` : text);
const percent = share => `${share > 0.99 && share < 1 ? (Math.floor(share * 10000) / 100).toFixed(2) : format.short(share * 100)} %`;
const said = version => (version.true + version.false > 0 ? `${percent(version.true / (version.true + version.false))} true` : version.mean === null ? `${version.texts.length} different` : `mean ${format.short(version.mean)}`) + `, ${version.failed} failed`;
const superseded = evaluator => (evaluator.superseded > 0 ? ` · ${format.count(evaluator.superseded)} superseded, not counted` : null);

const nothing = path => (path
  ? [h("h2", null, "No Evaluator by that path said anything in that time"), h("p", null, h("a", { href: "/verdicts" }, "Show all"))]
  : [h("h2", null, "No Evaluator said anything in that time"), h("p", null, "Take a longer time, or see which there are and what they judge:"), h("pre", { tabindex: 0 }, "worker evaluators list"),
    h("p", null, "Those that were attached late judge what is stored with ", h("code", null, "worker evaluate"), ".")]);
