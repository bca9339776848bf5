// Whether an Evaluator judges as people do: what `worker evaluators agreement` says, of one time.
import { h } from "./dom.js";
import * as format from "./format.js";

const Longest = 60;

/** What is said of the comparison, below its heading. */
export function agreement(found, name) {
  if (found.by_people) return peoples(name);
  const limits = found.is_cut ? h("p", { class: "note" }, `The latest ${format.count(found.most_verdicts)} verdicts were looked at, and of their Logs at most ${format.count(found.most_logs)} with verdicts from outside: there were more.`) : null;
  if (found.judged_by_people === 0) return [nobody(found, name), limits];
  const { comparison } = found;
  return [
    h("p", { class: "facts" }, `Of the ${logs(found.looked_at)} that ${name} judged in that time, people judged ${format.count(found.judged_by_people)}. `,
      comparison ? [version(found.version_id), `: ${format.many(comparison.pairs, "pair")} of ${format.many(found.verdicts, "verdict")}.`] : null), limits, stale(found),
    found.returns === "text" ? h("p", null, `${name} returns free text, which can be compared with nothing.`) : comparison && comparison.pairs > 0 ? figures(comparison) : null,
    found.by_several > 0 ? h("p", null, `${logs(found.by_several)} had several people's judgment, ${format.count(found.by_several_alike)} of them the same of all.`) : null,
    leftOut(found),
    comparison?.matrix?.length > 0 ? matrix(comparison, name) : null,
    comparison?.differences.length > 0 ? differences(comparison, name) : null,
  ];
}

/** Of an Evaluator that is people's own. */
export const peoples = name => h("p", null, `What ${name} says is people's own judgment: it is what the verdicts of other Evaluators are compared with.`);

function nobody(found, name) {
  return [h("p", null, `Nobody judged what ${name} judged in that time, which is ${logs(found.looked_at)}.`),
    h("p", null, "People judge on the page ", h("a", { href: "/review" }, "Review"), ", by Evaluators of the kind ", h("code", null, "human"), ", or post their verdicts. Or take a longer time. ", h("code", null, "docs/evaluators.md"), " says how, under “Judged elsewhere”, and what is compared, under “Can it be relied on?”.")];
}

function stale(found) {
  if (!found.stale) return null;
  return h("p", { class: "note" }, found.current_version_id
    ? ["Stale: the files hold Version ", code(found.current_version_id), ", which has given no verdict on what people judged."]
    : "Stale: the files hold no such Evaluator.");
}

function figures(comparison) {
  return [comparison.no_kappa ? h("p", null, comparison.no_kappa) : null, "means" in comparison ? numbers(comparison) : categories(comparison)];
}

function categories({ agreement: share, agreement_by_chance: chance, kappa, kappa_low: low, kappa_high: high }) {
  return [
    share === null ? null : h("p", null, h("b", null, percent(share)), ` agree; by chance it would be ${percent(chance)}.`),
    kappa === null ? null : h("p", null, "Cohen's kappa: ", h("b", null, kappa.toFixed(2)), `, with 95 % confidence between ${low.toFixed(2)} and ${high.toFixed(2)}.`),
  ];
}

function numbers({ mean_absolute_difference: difference, means, deviations, quadratic_kappa: kappa, correlation }) {
  if (means === null) return null;
  return [
    h("p", null, "Mean absolute difference: ", h("b", null, format.short(difference)), "."),
    h("p", null, `Means: evaluator ${format.short(means.evaluator)} (deviation ${format.short(deviations.evaluator)}), people ${format.short(means.people)} (deviation ${format.short(deviations.people)}).`),
    kappa === null ? null : h("p", null, "Kappa with quadratic weights: ", h("b", null, kappa.toFixed(2)), ". Correlation: ", h("b", null, correlation.toFixed(2)), "."),
  ];
}

/** What made no pair, and why. */
function leftOut(found) {
  const all = [
    [found.abstained, "the Evaluator abstained"], [found.failed, "the Evaluator's verdict is an error"], [found.people_abstained, "people gave no judgment"],
    [found.people_split, "as many people said the one as the other"], [found.returns === "text" ? 0 : found.not_comparable, ["the two cannot be compared; ", h("code", null, "worker evaluators agreement"), " is told by ", h("code", null, "--with"), " which Evaluators are people's, and by ", h("code", null, "--map"), " what their judgments mean"]],
    [found.without_verdict, "what it said in that time does not stand any more"],
  ].filter(([n]) => n > 0).map(([n, why]) => h("li", null, `No pair: ${logs(n)} where `, why, "."));
  const versions = found.other_versions.map(each => h("li", null, `Left out: ${format.many(each.verdicts, "verdict")} of `, version(each.version_id), `, the last of ${format.moment(Date.parse(each.last_at) * 1000)}.`));
  return all.length + versions.length === 0 ? null : h("ul", null, all, versions);
}

function matrix({ pairs, matrix: cells, base_rates: rates, agreement: share }, name) {
  const names = rates.map(each => each.judgment), few = share === null;
  const at = new Map(cells.map(each => [JSON.stringify([each.evaluator, each.people]), each.count]));
  const cell = (row, column) => at.get(JSON.stringify([row, column])) ?? 0;
  const sum = counts => format.count(counts.reduce((all, n) => all + n, 0));
  const label = `${name}'s judgments, by people's`;
  return h("div", { class: "scroll", role: "group", tabindex: 0, "aria-label": label }, h("table", { class: "plain verdicts matrix", "aria-label": label },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, "evaluator \\ people"), names.map(each => h("th", { scope: "col", class: "number" }, cut(each))),
      h("th", { scope: "col", class: "number" }, "all"), few ? null : h("th", { scope: "col", class: "number" }, "share"))),
    h("tbody", null,
      names.map(row => h("tr", null, h("th", { scope: "row" }, cut(row)), names.map(column => number(format.count(cell(row, column)), cell(row, column) === 0 ? "quiet" : row === column ? "good" : "bad")),
        number(sum(names.map(column => cell(row, column)))), few ? null : number(percent(rates.find(each => each.judgment === row).evaluator)))),
      h("tr", null, h("th", { scope: "row" }, "all"), names.map(column => number(sum(names.map(row => cell(row, column))))), number(format.count(pairs)), few ? null : number("")),
      few ? null : h("tr", null, h("th", { scope: "row" }, "share"), rates.map(each => number(percent(each.people))), number(""), number("")))));
}

function differences({ differing, differences: shown }, name) {
  return [
    h("p", null, `${logs(differing)} on which they differ`, differing > shown.length ? `, of which ${format.count(shown.length)} are shown, the greatest differences first:` : ":"),
    h("div", { class: "scroll" }, h("table", { class: "plain verdicts differ", "aria-label": `Logs on which ${name} and people differ` },
      h("thead", null, h("tr", null, ["Log", "Evaluator", "People"].map(each => h("th", { scope: "col" }, each)))),
      h("tbody", null, shown.map(each => h("tr", null,
        h("th", { scope: "row" }, h("a", { href: `/trace?id=${encodeURIComponent(each.log_id)}&log=${encodeURIComponent(each.log_id)}` }, each.log_id)),
        h("td", null, cut(each.evaluator)), h("td", null, cut(each.people))))))),
  ];
}

const number = (content, mood = null) => h("td", { class: mood ? `number ${mood}` : "number" }, content);
const cut = text => (text.length > Longest ? h("span", { title: text }, `${text.slice(0, Longest)}…`) : text);
const code = id => h("code", { title: id }, id.slice(0, 12));
const version = id => (id ? ["Version ", code(id)] : "no Version");
const percent = share => `${(share * 100).toFixed(1)} %`;
const logs = n => format.many(n, "Log");
