import { useState } from 'react';

/** Whether contact details are shown in full. It starts hidden on every customer. */
export interface Reveal {
  on: boolean;
  toggle: () => void;
}

export function useReveal(): Reveal {
  const [on, setOn] = useState(false);
  return { on, toggle: () => setOn((was) => !was) };
}
