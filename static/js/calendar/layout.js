// Where things that overlap stand beside one another: what overlaps, directly or through others, is a
// cluster; each takes the first free column, ordered by (start, longest first, key), and is widened
// into the columns that are free beside it. Spans are half-open: 10–11 and 11–12 do not overlap.
import { STEP } from "./days.js";

const before = (a, b) => a.start - b.start || (b.end - b.start) - (a.end - a.start)
  || a.item.id - b.item.id || (a.item.on < b.item.on ? -1 : 1);
const drawnEnd = (piece) => Math.max(piece.end, piece.start + STEP);
const overlap = (a, b) => a.start < drawnEnd(b) && b.start < drawnEnd(a);

const place = (cluster) => {
  const columns = [];
  for (const piece of cluster) {
    let at = columns.findIndex((column) => drawnEnd(column.at(-1)) <= piece.start);
    if (at < 0) at = columns.push([]) - 1;
    columns[at].push(piece);
    piece.at = at;
  }
  for (const piece of cluster) {
    let span = 1;
    const isFree = (column) => column && !column.some((other) => overlap(piece, other));
    while (isFree(columns[piece.at + span])) span += 1;
    Object.assign(piece, { span, of: columns.length });
  }
};

// Gives every piece {start, end, item} its {at, span, of}: from column `at`, `span` wide, of `of`.
export const layOut = (pieces) => {
  const sorted = [...pieces].sort(before);
  let cluster = [];
  let until = -Infinity;
  for (const piece of sorted) {
    if (piece.start >= until) {
      place(cluster);
      cluster = [];
    }
    cluster.push(piece);
    until = Math.max(until, drawnEnd(piece));
  }
  place(cluster);
  return sorted;
};

// Lanes: pieces {from, to} (columns, both inclusive) are packed into rows, the first that is free.
export const pack = (pieces) => {
  const rows = [];
  for (const piece of pieces) {
    let row = rows.findIndex((taken) => !taken.some((other) => piece.from <= other.to && other.from <= piece.to));
    if (row < 0) row = rows.push([]) - 1;
    rows[row].push(piece);
    piece.row = row;
  }
  return rows.length;
};
