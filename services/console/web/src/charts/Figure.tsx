import { useState, type ReactNode } from 'react';
import { useSpeech } from '../i18n';

export interface Series {
  name: string;
  /** Which colour, and which dash: own (ink), plain (grey, dashed), second (green), up and down (bars). */
  look: 'own' | 'plain' | 'second' | 'up' | 'down';
}

interface Props {
  title: string;
  /** What the chart says, in a sentence: for those who do not see it, and for those in a hurry. */
  summary: string;
  series: Series[];
  /** The table behind the chart: the first of each row names it. */
  head: string[];
  rows: string[][];
  children: ReactNode;
}

/** A chart with its words and, on request, its table. */
export function Figure({ title, summary, series, head, rows, children }: Props) {
  const { t } = useSpeech();
  const [table, setTable] = useState(false);
  return (
    <figure className="figure">
      <figcaption>
        <b>{title}</b>
        {!table && series.length > 1 && (
          <span className="legend">{series.map(({ name, look }) => <span key={name} className={look}><i aria-hidden />{name}</span>)}</span>
        )}
        <button className="link" onClick={() => setTable(!table)} aria-pressed={table}>{table ? t.right.asBars : t.right.asTable}</button>
      </figcaption>
      {table ? <Table title={title} head={head} rows={rows} /> : <div role="img" aria-label={`${title}. ${summary}`}>{children}</div>}
      <p className="sub">{summary}</p>
    </figure>
  );
}

function Table({ title, head, rows }: { title: string; head: string[]; rows: string[][] }) {
  return (
    <div className="table" tabIndex={0} role="group" aria-label={title}>
      <table className="plain">
        <thead><tr>{head.map((name, i) => <th key={name} scope="col" className={i > 0 ? 'end' : ''}>{name}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>{row.map((cell, i) => (i === 0 ? <th key="name" scope="row">{cell}</th> : <td key={head[i]} className="end num">{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
