// A verdict in short.
import { h } from "./dom.js";
import * as format from "./format.js";

/** Those first that ask for a look. */
export const worstFirst = verdicts => ["bad", "plain", "good"].flatMap(mood => verdicts.filter(each => format.mood(each) === mood));

/** A judgment with the last part of its Evaluator's path; whole in the title. */
export function chip(verdict) {
  const words = format.judgment(verdict);
  return h("span", { class: `chip ${format.mood(verdict)}`, title: `${verdict.path}: ${verdict.error ?? words}` },
    h("span", { class: "who" }, verdict.path.split("/").at(-1)), " ", h("b", null, words.length > 24 ? `${words.slice(0, 24)}…` : words));
}
