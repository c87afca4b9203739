import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  /** A number beside the title. */
  count?: number;
  /** What stands at the right end of the heading. */
  aside?: ReactNode;
  children: ReactNode;
}

/** One titled part of a column. */
export function Section({ title, count, aside, children }: Props) {
  const id = useId();
  return (
    <section className="sec" aria-labelledby={id}>
      <h2>
        <span id={id}>{title}</span>
        {count !== undefined && <span className="num">{count}</span>}
        {aside && <span className="aside">{aside}</span>}
      </h2>
      {children}
    </section>
  );
}
