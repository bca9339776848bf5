// How the worker is: what it waits for, what waits for it, and what to do where something is red.
import { h, fill, refill } from "./dom.js";
import { get, poll } from "./api.js";
import { bind } from "./keys.js";
import * as format from "./format.js";

const Pause = 5000;
const Late = 60e6;
const Old = 300e6;
const Silent = 60e6;
const MostSilent = 10;

export function status(page, query, signal) {
  document.title = "Status · worker";
  const title = h("h1", null, "Status");
  const facts = h("p", { class: "facts" });
  const problem = h("p", { role: "alert", class: "bad" });
  const body = h("tbody");
  const table = h("table", { class: "plain", "aria-label": "How the worker is", hidden: true },
    h("thead", null, h("tr", null, ["", "What", "How it stands", "What to do"].map(name => h("th", { scope: "col" }, name || h("span", { class: "unseen" }, "Mark"))))), body);
  const verdict = h("p", { role: "status", class: "verdict" });
  let shown = "", before = null;

  fill(page, h("div", { class: "bar" }, title, facts), problem, verdict, h("div", { class: "scroll" }, table));
  poll(look, Pause, signal);
  bind([{ keys: ["r"], does: "Look again", run: () => { look().catch(() => {}); } }], signal);

  async function look() {
    try {
      draw(await get("/ui/api/status", { signal }));
      fill(problem);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      fill(problem, error.message);
      table.classList.toggle("stale", true);
    }
  }

  function draw(answer) {
    table.hidden = false;
    table.classList.toggle("stale", false);
    fill(facts, `Version ${answer.version} · looked at ${format.moment(answer.now)}, and again every ${Pause / 1000} s`);
    const rows = lines(answer, before);
    before = answer;
    const red = rows.filter(row => row.is === "bad").length, amber = rows.filter(row => row.is === "warn").length;
    const words = red + amber === 0 ? "All is well." : `${red + amber === 1 ? "One thing needs" : `${red + amber} things need`} a look.`;
    verdict.className = red > 0 ? "verdict bad" : "verdict";
    if (shown !== words) fill(verdict, shown = words);
    refill(body, rows.map(row => h("tr", { class: row.is },
      h("td", null, h("span", { class: `dot ${row.is}`, role: "img", "aria-label": marks[row.is] })),
      h("th", { scope: "row" }, row.what), h("td", { class: "wrap" }, row.how), h("td", { class: "wrap" }, row.is === "good" || row.is === "unknown" ? null : row.todo))));
  }
}

const marks = { good: "well", warn: "look at it", bad: "red", unknown: "not known" };

const line = (what, is, how, todo) => ({ what, is, how, todo });
const see = (heading, more) => [more, more ? " " : null, "See “", heading, "” in ", h("code", null, "docs/operations.md"), "."];
const list = sentences => (sentences.length === 1 ? `${sentences[0]}.` : h("ul", null, sentences.map(each => h("li", null, `${each}.`))));
const unknown = (what, why = "Not known: the store or the broker does not answer.") => line(what, "unknown", h("span", { class: "quiet" }, why));
const age = (now, then) => format.duration(Math.max(0, now - then));

function lines(answer, before) {
  return [
    answer.missing.length === 0 ? line("Does its work", "good", "Store and source of messages answer.")
      : line("Does its work", "bad", list(answer.missing), see("Health", "See to what does not answer; the worker goes on by itself when it does.")),
    answer.stalls.length === 0 ? line("Stands still", "good", "Nothing does.") : line("Stands still", "bad", list(answer.stalls), see("Health")),
    intake(answer, before), waiting(answer), held(answer), due(answer), ...evaluators(answer), ...budgets(answer), letters(answer), ...workers(answer),
  ].filter(Boolean);
}

function intake({ is_paused, received, judged, now }, before) {
  if (is_paused === null) return unknown("Takes messages", "This is a front alone: it drains and judges nothing.");
  return is_paused ? line("Takes messages", "bad", "Paused: store or broker does not answer. Nothing is lost meanwhile.", see("Ingestion is paused", "See to the server."))
    : line("Takes messages", "good", before?.received > received || !(before?.now < now) ? "Yes." : `Yes, here ${rate(received - before.received, now - before.now)} messages a second; ${rate(judged - before.judged, now - before.now)} traces judged.`);
}

/** A second, over the time between two looks. */
const rate = (n, us) => format.short(n / us * 1e6);

function waiting({ intake: name, inbox, queues, now }) {
  if (queues?.length > 0 && !(inbox?.messages > 0)) {
    const most = Math.max(...queues.map(queue => queue.messages));
    return line("Queue", most > 100000 ? "warn" : "good", [name, ": ", queues.map(queue => `${queue.name} ${format.count(queue.messages)}`).join(", "), "."], see("The queue grows"));
  }
  if (inbox === null) return unknown("Queue");
  if (inbox.messages === 0) return line("Queue", "good", inbox.is_spill ? `${name}; nothing is kept for it here.` : `Nothing waits in ${name}.`);
  const how = `${format.many(inbox.messages, "message")}, ${format.bytes(inbox.bytes)}; the oldest came ${age(now, inbox.oldest)} ago.`;
  if (inbox.is_spill) return line("Kept for the broker", "warn", how, see("Logs are kept for the broker", "See to the broker; what is kept is sent by itself."));
  return line("Queue", now - inbox.oldest > Old ? "warn" : "good", how, see("The queue grows"));
}

function held({ held }) {
  if (held === null) return null;
  const how = held.messages === 0 ? "Nothing." : `${format.many(held.messages, "message")}, the oldest for ${format.duration(held.for)}.`;
  return line("In hand", held.for > 50e6 ? "bad" : "good", how, see("The store is slow"));
}

function due({ due, now }) {
  if (due === null) return unknown("Traces that are due");
  if (due.count === 0 || due.oldest === null) return line("Traces that are due", "good", "None waits to be judged.");
  return line("Traces that are due", now - due.oldest > Late ? "bad" : "good",
    `${due.is_more ? "More than " : ""}${format.many(due.count, "trace")}; the oldest for ${age(now, due.oldest)}.`, see("Runs are late"));
}

function evaluators({ not_asked, wait_for_paused, now }) {
  const asked = not_asked.map(each => line(["Not asked: ", h("code", null, each.path)], "warn", `Paused, or most of its calls failed; it is asked again in ${age(each.until, now)}.`, see("An Evaluator is paused")));
  if (wait_for_paused === null) return [...asked, unknown("Paused Evaluators")];
  const waits = wait_for_paused > 0 ? line("Judgments that wait for a pause", "warn", `${format.many(wait_for_paused, "judgment")}.`, see("An Evaluator is paused")) : null;
  return asked.length > 0 || waits ? [...asked, waits] : [line("Paused Evaluators", "good", "None.")];
}

function budgets({ budgets, wait_for_budget }) {
  if (budgets === null) return [unknown("Budgets")];
  const each = budgets.map(budget => line(["Budget of today: ", budget.path === "all" ? "all Evaluators" : h("code", null, budget.path)],
    budget.left < 0.1 ? "warn" : "good", [h("meter", { min: 0, max: 1, low: 0.1, value: budget.left, "aria-label": "left" }), ` ${Math.round(budget.left * 100)} % left`], see("A budget is nearly spent")));
  const waits = wait_for_budget > 0 ? line("Judgments that wait for a budget", "warn", `${format.many(wait_for_budget, "judgment")}, which the next day (UTC) has room for.`, see("A budget is nearly spent")) : null;
  return each.length > 0 || waits ? [...each, waits] : [line("Budgets", "good", "None is set.")];
}

function letters({ dead_letters }) {
  if (dead_letters === null) return unknown("Dead letters");
  return dead_letters === 0 ? line("Dead letters", "good", "None.")
    : line("Dead letters", "warn", h("a", { href: "/letters" }, format.many(dead_letters, "message was refused", "messages were refused")), see("Messages are refused"));
}

function workers({ workers, now }) {
  if (workers === null) return [unknown("Workers")];
  const seen = workers.filter(each => now - each.seen_at <= Silent).sort((a, b) => a.started_at - b.started_at), silent = workers.filter(each => !seen.includes(each));
  const versions = [...new Set(seen.map(each => each.version))];
  const name = each => `${each.host}:${each.pid}, worker ${each.role}, version ${each.version}`;
  const living = each => `${name(each)}, since ${format.moment(each.started_at)}, ${each.is_self ? "answers here" : `seen ${age(now, each.seen_at)} ago`}`;
  const lost = each => `${name(each)}, not seen for ${age(now, each.seen_at)}: it ${each.is_self ? "cannot write to the store" : "was killed, or cannot reach the store"}`;
  const more = silent.length > MostSilent ? [`And ${format.count(silent.length - MostSilent)} more`] : [];
  return [
    seen.length > 0 ? line("Workers", "good", list(seen.map(living))) : unknown("Workers", "None has written itself down in the last minute."),
    versions.length > 1 ? line("Versions", "warn", `${versions.length === 2 ? "Two" : versions.length} versions run, ${versions.join(" and ")}: a rolling upgrade is under way.`, see("Upgrades")) : null,
    silent.length > 0 ? line("Workers that are not seen", "warn", list([...silent.slice(0, MostSilent).map(lost), ...more]), see("Where it runs", "Start it again where that is not done by itself; after a day it is forgotten.")) : null,
  ];
}
