// Where values lie on an axis. Everything is drawn in a box of 100 by 100 that is stretched to its place; letters stand
// beside it in HTML, so that they are not.

/** The least round number that is not below n, so that a chart fills most of its box. */
export function niceMax(n: number): number {
  if (!(n > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((top) => top >= n)!;
}

/** Height in the box of a value between low and high, 0 at the top. */
export function heightOf(value: number, low: number, high: number): number {
  return high === low ? 100 : round(100 - (100 * (value - low)) / (high - low));
}

/** Numbers of the labels to write along an axis of n places: a few, evenly, the last one always. */
export function labelled(n: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(n / most));
  return Array.from({ length: n }, (_, i) => i).filter((i) => (n - 1 - i) % step === 0);
}

export function round(n: number): number {
  return Math.round(n * 100) / 100;
}
