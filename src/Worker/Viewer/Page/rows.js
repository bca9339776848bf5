// The rows of a trace: a pool of elements over those to be seen, reused while one scrolls. Tree and time in one row.
import { h, svg, fill } from "./dom.js";
import { chip, worstFirst } from "./verdict.js";
import * as format from "./format.js";

export const Height = 26;
const Spare = 10;
const MostIndent = 40;
const Indent = 14;

export class Rows {
  /** @param on { select(row), toggle(row) } */
  constructor(tree, folding, on) {
    Object.assign(this, { tree, folding, on, pool: [], visible: folding.rows(), selected: 0, hits: new Set(), from: tree.from, width: Math.max(1, tree.to - tree.from) });
    this.space = h("div", { class: "space" });
    this.element = h("div", { role: "tree", tabindex: "0", class: "tree", "aria-label": "Logs of the trace", onscroll: () => this.schedule() }, this.space);
    new ResizeObserver(() => this.schedule()).observe(this.element);
    this.element.addEventListener("click", event => {
      const element = event.target.closest("[role=treeitem]");
      if (!element) return;
      if (event.target.closest(".twist")) on.toggle(element.row);
      else on.select(element.row);
    });
  }

  /** Draws with what has changed of tree or folding. */
  refresh() {
    this.visible = this.folding.rows();
    this.space.style.height = `${this.visible.length * Height}px`;
    this.dirty = true;
    this.draw();
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const height = this.element.clientHeight;
    const first = Math.max(0, Math.floor(this.element.scrollTop / Height) - Spare);
    const last = Math.min(this.visible.length, first + Math.ceil(height / Height) + 2 * Spare);
    const size = last - first;
    while (this.pool.length < size) this.pool.push(this.space.appendChild(this.make()));
    for (const element of this.pool) element.wanted = false;
    for (let k = first; k < last; k++) {
      const element = this.pool[k % this.pool.length];
      element.wanted = true;
      if (this.dirty || element.place !== k) this.paint(element, k);
    }
    for (const element of this.pool) {
      if (element.wanted) continue;
      element.hidden = true;
      element.place = -1;
    }
    this.dirty = false;
    const name = `row-${this.selected}`;
    if (document.getElementById(name)) this.element.setAttribute("aria-activedescendant", name);
    else this.element.removeAttribute("aria-activedescendant");
  }

  make() {
    const rect = svg("rect", { y: "8", height: "10", rx: "2" });
    const parts = {
      twist: h("span", { class: "twist", "aria-hidden": "true" }), kind: h("span", { class: "kind" }), name: h("span", { class: "path" }),
      chips: h("span", { class: "chips" }), time: h("span", { class: "time" }), rect,
    };
    const label = h("span", { class: "label" }, parts.twist, parts.kind, parts.name, parts.chips);
    const element = h("div", { role: "treeitem" }, label, parts.time, svg("svg", { class: "lane", "aria-hidden": "true", preserveAspectRatio: "none" }, rect));
    return Object.assign(element, { parts, labelPart: label, place: -1 });
  }

  paint(element, place) {
    const { tree } = this;
    const row = this.visible[place];
    Object.assign(element, { place, row, id: `row-${row}`, hidden: false });
    element.style.transform = `translateY(${place * Height}px)`;
    element.className = `row ${tree.failed(row) ? "failed" : ""} ${this.hits.has(row) ? "hit" : ""}`;
    element.setAttribute("aria-level", tree.depth[row] + 1);
    element.setAttribute("aria-selected", String(row === this.selected));
    if (tree.below[row] > 0) element.setAttribute("aria-expanded", String(!this.folding.closed[row]));
    else element.removeAttribute("aria-expanded");
    const { twist, kind, name, chips, time, rect } = element.parts;
    element.labelPart.style.paddingInlineStart = `${Math.min(tree.depth[row], MostIndent) * Indent}px`;
    fill(twist, tree.below[row] === 0 ? "" : this.folding.closed[row] ? "▸" : "▾");
    fill(kind, tree.kinds[tree.kind[row]]);
    kind.dataset.kind = tree.kinds[tree.kind[row]];
    fill(name, tree.paths[tree.path[row]] || tree.id[row], this.folding.closed[row] ? h("span", { class: "quiet" }, ` +${format.count(tree.after[row] - row - 1)}`) : null,
      tree.unfinished(row) ? h("span", { class: "mark" }, "unfinished") : null, tree.odd(row) ? h("span", { class: "mark" }, "odd") : null);
    fill(chips, worstFirst(tree.verdictsOf.get(row) ?? []).slice(0, 4).map(chip));
    fill(time, format.duration(tree.duration(row)));
    this.lane(rect, row);
  }

  lane(rect, row) {
    const { tree } = this;
    const start = tree.start[row] ?? tree.end[row];
    rect.style.display = start === null ? "none" : "";
    if (start === null) return;
    const left = clamp(((start - this.from) / this.width) * 100);
    const right = clamp((((tree.last(row) ?? start) - this.from) / this.width) * 100);
    rect.style.x = `${left}%`;
    rect.style.width = `max(2px, ${right - left}%)`;
  }

  /** Shows a span of time across the lanes. */
  zoom(from, width) {
    Object.assign(this, { from, width: Math.max(1, width), dirty: true });
    this.draw();
  }

  select(row, { middle = false } = {}) {
    this.selected = row;
    const place = this.placeOf(row);
    const top = place * Height;
    const { scrollTop, clientHeight } = this.element;
    if (middle) this.element.scrollTop = top - clientHeight / 2;
    else if (top < scrollTop) this.element.scrollTop = top;
    else if (top + Height > scrollTop + clientHeight) this.element.scrollTop = top + Height - clientHeight;
    this.dirty = true;
    this.draw();
  }

  /** Where a row, or the nearest above it, stands among those to be seen. */
  placeOf(row) {
    let [low, high] = [0, this.visible.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.visible[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const clamp = percent => Math.max(-1, Math.min(101, percent));
