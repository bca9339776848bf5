// Two texts, line by line: what one has and the other has not. However long they are, it is bounded what that takes.
import { h } from "./dom.js";
import * as format from "./format.js";

/** Lines of a middle that are aligned, characters of it, and differences after which they are called too different. */
const [MostLines, MostCharacters, MostDifferences] = [20000, 2e6, 1000];
const [Context, MostShown, Long] = [3, 2000, 400];

/**
 * The shortest way from one text to the other (Myers 1986): a list of [sign, line], sign one of " ", "-" and "+"; null
 * where they are too different to tell in a moment.
 */
export function diff(one, other) {
  const { start, end } = middle(one, other);
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  if (Math.max(left.length, right.length) > MostCharacters) return null;
  const [a, b] = [split(left), split(right)];
  const ways = a.length + b.length > MostLines * 2 ? null : path(numbered(a, b), a.length, b.length);
  if (!ways) return null;
  const lines = ways.map(([sign, at]) => [sign, sign === "+" ? b[at] : a[at]]);
  return { before: one.slice(0, start), lines, after: end === 0 ? "" : one.slice(one.length - end) };
}

/** How much is the same at the beginning and at the end, in whole lines. */
function middle(one, other) {
  const least = Math.min(one.length, other.length);
  let start = 0, end = 0;
  while (start < least && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  if (start > 0 && start < Math.max(one.length, other.length)) start = one.lastIndexOf("\n", start - 1) + 1;
  while (end < least - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  // From the first line that begins within what is the same.
  const next = end === 0 ? -1 : one.indexOf("\n", one.length - end);
  end = next < 0 ? 0 : one.length - next - 1;
  return { start, end };
}

const split = text => { const lines = text.split("\n"); if (lines.at(-1) === "") lines.pop(); return lines; };

/** Lines as numbers, the same for the same. */
function numbered(a, b) {
  const known = new Map();
  const number = line => { if (!known.has(line)) known.set(line, known.size); return known.get(line); };
  return [a.map(number), b.map(number)];
}

function path([a, b], n, m) {
  const most = Math.min(n + m, MostDifferences);
  const furthest = new Int32Array(2 * most + 3), middle = most + 1, rounds = [];
  for (let d = 0; d <= most; d++) {
    rounds.push(furthest.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && furthest[middle + k - 1] < furthest[middle + k + 1]) ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      furthest[middle + k] = x;
      if (x >= n && x - k >= m) return back(rounds, n, m);
    }
  }
  return null;
}

/** The way, from its end: of round d `rounds[d]` is what round d - 1 had reached, its middle at d + 1. */
function back(rounds, n, m) {
  const ways = [];
  let [x, y] = [n, m];
  for (let d = rounds.length - 1; d >= 0; d--) {
    const at = k => rounds[d][k + d + 1], k = x - y;
    const before = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const [fromX, fromY] = d === 0 ? [0, 0] : [at(before), at(before) - before];
    while (x > fromX && y > fromY) { x--; y--; ways.push([" ", x]); }
    if (d > 0) { if (x === fromX) ways.push(["+", --y]); else ways.push(["-", --x]); }
  }
  return ways.reverse();
}

/** What differs between two texts, as elements. */
export function differences(one, other) {
  const found = diff(one, other);
  if (!found) return [h("p", { class: "quiet" }, "They are too different, or too long, to be compared line by line. They begin to differ here:"), ...parted(one, other)];
  if (found.lines.every(([sign]) => sign === " ")) return [h("p", { class: "quiet" }, "They differ in the end of the last line alone.")];
  const lines = [...tail(found.before), ...found.lines, ...head(found.after)];
  const near = shown(lines);
  const parts = [];
  let left = MostShown, same = skipped(found.before) - tail(found.before).length;
  for (let i = 0; i < lines.length && left > 0; i++) {
    if (!near[i]) { same++; continue; }
    if (same > 0) parts.push(gap(same));
    same = 0;
    const [sign, text] = lines[i];
    const replaced = sign === "-" && lines[i + 1]?.[0] === "+" && lines[i - 1]?.[0] !== "-" && lines[i + 2]?.[0] !== "+";
    if (replaced) { parts.push(...parted(text, lines[i + 1][1])); i++; } else parts.push(line(sign, cut(text)));
    left--;
  }
  const rest = same + skipped(found.after) - head(found.after).length;
  if (left === 0) parts.push(h("p", { class: "quiet" }, `The first ${format.count(MostShown)} lines are shown.`));
  else if (rest > 0) parts.push(gap(rest));
  return [h("pre", { class: "diff", tabindex: 0, "aria-label": "Differences" }, parts)];
}

const tail = text => split(text.slice(-20000)).slice(-Context).map(each => [" ", each]);
const head = text => split(text.slice(0, 20000)).slice(0, Context).map(each => [" ", each]);
const skipped = text => { let count = 0; for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++; return text === "" || text.endsWith("\n") ? count : count + 1; };

/** Whether a line is near one that differs. */
function shown(lines) {
  const near = new Uint8Array(lines.length);
  lines.forEach(([sign], i) => { if (sign !== " ") near.fill(1, Math.max(0, i - Context), i + Context + 1); });
  return near;
}

/** Two lines, of which what differs is marked; of long ones a part around that. */
function parted(one, other) {
  const least = Math.min(one.length, other.length);
  let start = 0, end = 0;
  while (start < least && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  while (end < least - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  // Of what is mostly different no part is marked.
  if (start + end < least / 2 && Math.max(one.length, other.length) <= Long) return [line("-", one), line("+", other)];
  return [["-", one], ["+", other]].map(([sign, text]) => {
    const from = text.length <= Long ? 0 : Math.max(0, start - 60), until = text.length - end;
    return line(sign, [from > 0 ? "…" : null, text.slice(from, start), h("b", null, cut(text.slice(start, until))), text.length <= Long ? text.slice(until) : [text.slice(until, until + 60), end > 60 ? "…" : null]]);
  });
}

const cut = text => (text.length > Long ? `${text.slice(0, Long)}… (${format.count(text.length)} characters)` : text);
const gap = count => h("span", { class: "same" }, `  … ${format.count(count)} same ${count === 1 ? "line" : "lines"}`);
const line = (sign, content) => h("span", { class: sign === "-" ? "gone" : sign === "+" ? "come" : "kept" }, `${sign} `, content);
