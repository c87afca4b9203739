// Hangul is composed of several keystrokes, and the Enter that ends a composition must not submit: it would send
// half a word, or send it twice. This file is the only one that may ask whether a key is Enter; a test keeps it so.

interface Key {
  key: string;
  code?: string;
  keyCode: number;
  isComposing?: boolean;
  nativeEvent?: { isComposing: boolean };
}

/** Whether an input method is in the middle of a syllable. Safari reports 229 and forgets isComposing. */
export function isComposing(event: Key): boolean {
  return Boolean(event.isComposing || event.nativeEvent?.isComposing) || event.keyCode === 229;
}

/** Whether this is an Enter that a person meant. */
export function isEnter(event: Key): boolean {
  return event.key === 'Enter' && !isComposing(event);
}

/** Makes a key listener that calls act on such an Enter, and on nothing else. */
export function onEnter<E extends Key & { preventDefault(): void }>(act: (event: E) => void): (event: E) => void {
  return (event) => {
    if (!isEnter(event)) return;
    event.preventDefault();
    act(event);
  };
}
