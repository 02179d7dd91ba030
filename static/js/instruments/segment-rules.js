/** What makes a list of segments one that can be sent. */
const SLACK = 0.1; // A browser and the server may differ by a few frames in how long a clip is.

/** Return the segments in order, those of a category that meet made one. */
export function merged(segments) {
  const made = [];
  for (const segment of ordered(segments)) {
    const last = made.findLast(({ category }) => category === segment.category);
    if (last && segment.start < last.end) last.end = Math.max(last.end, segment.end);
    else made.push({ ...segment });
  }
  return made;
}

export function ordered(segments) {
  return [...segments].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Return what is wrong with the segments, as {word, number} or {word, category}; null for nothing. */
export function flawOf(segments, { duration, overlap }) {
  for (const [i, { start, end }] of segments.entries()) {
    if (!(start < end)) return { word: "empty", number: i + 1 };
    if (start < 0 || end > duration + SLACK) return { word: "beyond", number: i + 1 };
  }
  const doubled = overlap ? null : firstDoubled(segments);
  return doubled ? { word: "twice", category: doubled } : null;
}

function firstDoubled(segments) {
  const until = new Map();
  for (const { start, end, category } of ordered(segments)) {
    if (start < (until.get(category) ?? 0)) return category;
    until.set(category, end);
  }
  return null;
}
