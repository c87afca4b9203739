// Keyboard commands by the place of the key. A keyboard left in Hangul mode sends ㅓ for the J key, so letters are
// read from event.code; keys whose place differs by layout (/ and ?) are read from event.key as well.
import { isComposing } from './onEnter';

const typing = 'input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true]';

/** Whether the person is writing, so that a letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typing) !== null;
}

/** The name of a pressed key: "j", "3", "/", "?", "Escape", or "mod+k" with Ctrl or ⌘. */
export function keyName(event: KeyboardEvent): string {
  if (isComposing(event) && !event.code) return '';
  const base = plainName(event);
  return event.metaKey || event.ctrlKey ? `mod+${base}` : event.altKey ? `alt+${base}` : base;
}

function plainName(event: KeyboardEvent): string {
  if (event.key === '/' || event.key === '?' || event.key === '.') return event.key;
  const place = /^(?:Key|Digit)(\w)$/.exec(event.code)?.[1];
  if (place) return event.shiftKey ? `shift+${place.toLowerCase()}` : place.toLowerCase();
  return { Slash: event.shiftKey ? '?' : '/', Period: '.', BracketLeft: '[', BracketRight: ']' }[event.code] ?? event.key;
}
