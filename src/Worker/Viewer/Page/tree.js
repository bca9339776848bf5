// A trace as columns, and which of its rows are to be seen. Pure: no element, no request.

/** Columns as /ui/api/trace answers them, with what follows from them. */
export class Tree {
  constructor(columns) {
    Object.assign(this, columns);
    this.size = columns.id.length;
    // What is under a row stands right behind it: `after` is the first row that is not. `below` counts its children.
    this.below = new Int32Array(this.size);
    this.after = Int32Array.from({ length: this.size }, (_, row) => row + 1);
    for (let row = this.size - 1; row >= 0; row--) {
      const parent = this.parent[row];
      if (parent < 0) continue;
      this.below[parent]++;
      this.after[parent] = Math.max(this.after[parent], this.after[row]);
    }
    this.rowOf = new Map(columns.id.map((id, row) => [id, row]));
    this.verdictsOf = new Map();
    for (const verdict of columns.verdicts) {
      if (!this.verdictsOf.has(verdict.row)) this.verdictsOf.set(verdict.row, []);
      this.verdictsOf.get(verdict.row).push(verdict);
    }
    this.from = Infinity;
    this.to = -Infinity;
    for (let row = 0; row < this.size; row++) {
      if (this.start[row] !== null) this.from = Math.min(this.from, this.start[row]);
      const last = this.last(row);
      if (last !== null) this.to = Math.max(this.to, last);
    }
    if (this.from > this.to) this.from = this.to = null;
    this.depths = columns.depth.reduce((most, depth) => Math.max(most, depth), 0);
  }

  /** The last instant that is known of a row; what ends before it starts counts as ended at its start. */
  last(row) {
    const [start, end] = [this.start[row], this.end[row]];
    return end === null ? start : start === null ? end : Math.max(start, end);
  }

  /** Null where it is not known; below 0 where it ends before it starts. */
  duration(row) {
    return this.start[row] === null || this.end[row] === null ? null : this.end[row] - this.start[row];
  }

  failed(row) { return (this.flags[row] & 1) !== 0; }

  unfinished(row) { return (this.flags[row] & 2) !== 0; }

  odd(row) { return (this.flags[row] & 4) !== 0; }
}

/** Which rows are open, and what is hidden for being short. */
export class Folding {
  constructor(tree) {
    this.tree = tree;
    this.closed = new Uint8Array(tree.size);
    this.shortest = 0;
  }

  /** The rows to be seen, ascending. */
  rows() {
    const { tree } = this;
    const rows = new Int32Array(tree.size);
    let count = 0;
    for (let row = 0; row < tree.size;) {
      if (this.shortest > 0 && row > 0 && !tree.failed(row) && tree.duration(row) !== null && tree.duration(row) < this.shortest && tree.below[row] === 0) {
        row++;
        continue;
      }
      rows[count++] = row;
      row = this.closed[row] ? tree.after[row] : row + 1;
    }
    return rows.subarray(0, count);
  }

  toggle(row, close = !this.closed[row]) {
    this.closed[row] = close && this.tree.below[row] > 0 ? 1 : 0;
  }

  /** Opens down to a depth, and closes what is deeper. */
  level(depth) {
    for (let row = 0; row < this.tree.size; row++) this.closed[row] = this.tree.below[row] > 0 && this.tree.depth[row] >= depth ? 1 : 0;
  }

  /** Opens all that hides a row. */
  reveal(row) {
    for (let above = this.tree.parent[row]; above >= 0; above = this.tree.parent[above]) this.closed[above] = 0;
  }
}
