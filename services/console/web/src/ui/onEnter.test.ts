import { describe, expect, it, vi } from 'vitest';
import { keyName } from './keys';
import { onEnter } from './onEnter';

function press(key: string, more: object = {}) {
  return { key, keyCode: 13, preventDefault: vi.fn(), ...more };
}

describe('Enter', () => {
  it('acts', () => {
    const act = vi.fn();
    const event = press('Enter');
    onEnter(act)(event);
    expect(act).toHaveBeenCalledOnce();
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });
  it.each([
    ['while the event says that a syllable is being composed', { isComposing: true }],
    ['while React hides that in the native event', { nativeEvent: { isComposing: true } }],
    ['in Safari, which only sends 229', { keyCode: 229 }],
  ])('does nothing %s', (_, more) => {
    const act = vi.fn();
    onEnter(act)(press('Enter', more));
    expect(act).not.toHaveBeenCalled();
  });
});

describe('keys', () => {
  const key = (key: string, code: string, more: Partial<KeyboardEvent> = {}) =>
    keyName({ key, code, keyCode: 0, isComposing: false, metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...more } as KeyboardEvent);

  it('are the same on a keyboard left in Hangul mode', () => {
    expect(key('j', 'KeyJ')).toBe('j');
    expect(key('ㅓ', 'KeyJ')).toBe('j');
    expect(key('Process', 'KeyJ', { keyCode: 229 })).toBe('j');
    expect(key('ㅏ', 'KeyK', { ctrlKey: true })).toBe('mod+k');
  });
  it('are found by what they type where layouts differ', () => {
    expect(key('/', 'Digit7', { shiftKey: true })).toBe('/');
    expect(key('?', 'Slash', { shiftKey: true })).toBe('?');
  });
});
