// Finds the place in a JSON text that a pointer names, so that an error can be shown where it is.

const skipped = /[\s,:]*/y;
const token = /"(?:\\.|[^"\\])*"|[^\s,:[\]{}"]+/y;

/** The stretch of text that a JSON pointer leads to; the nearest parent there is if it leads nowhere. */
export function locate(text: string, pointer: string): [start: number, end: number] {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let place: [number, number] = [skip(text, 0), end(text, skip(text, 0))];
  for (const step of steps) {
    const next = child(text, place[0], step);
    if (!next) break;
    place = next;
  }
  return place;
}

function skip(text: string, at: number): number {
  skipped.lastIndex = at;
  skipped.test(text);
  return skipped.lastIndex;
}

/** Where the value that begins at a place ends. */
function end(text: string, at: number): number {
  if (text[at] !== '{' && text[at] !== '[') {
    token.lastIndex = at;
    return token.test(text) ? token.lastIndex : text.length;
  }
  let place = skip(text, at + 1);
  while (place < text.length && text[place] !== '}' && text[place] !== ']') place = skip(text, end(text, place));
  return Math.min(place + 1, text.length);
}

/** The member or element of a value that a step names. */
function child(text: string, at: number, step: string): [number, number] | null {
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') return null;
  let place = skip(text, at + 1);
  for (let i = 0; place < text.length && text[place] !== '}' && text[place] !== ']'; i++) {
    const name = isObject ? text.slice(place + 1, end(text, place) - 1) : String(i);
    const value = isObject ? skip(text, end(text, place)) : place;
    if (name === step) return [value, end(text, value)];
    place = skip(text, end(text, value));
  }
  return null;
}
