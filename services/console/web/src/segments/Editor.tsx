import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { saveSegment } from '../api/askSegments';
import type { SegmentWhole } from '../api/segments';
import { useSpeech } from '../i18n';
import { locate } from './locate';
import { Preview } from './Preview';
import { useDebounced } from '../ui/useDebounced';
import { useWords } from './words';

/** How long typing must rest before anybody is counted. */
const rest = 250;

type Saving = 'no' | 'going' | 'saved' | 'same';

/** The rule as JSON text, with who it would take in while it is being changed. */
export function Editor({ segment }: { segment: SegmentWhole }) {
  const w = useWords();
  const queries = useQueryClient();
  const stored = JSON.stringify(segment.rule, null, 2);
  const [text, setText] = useState(stored);
  const [saving, setSaving] = useState<Saving>('no');
  const [refused, setRefused] = useState<Error | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const rested = useDebounced(text, rest);
  const fault = syntaxOf(rested);

  const change = (to: string) => {
    setText(to);
    setSaving('no');
    setRefused(null);
  };
  const save = async () => {
    setSaving('going');
    try {
      const { changed } = await saveSegment(segment.name, segment.title, text);
      setSaving(changed ? 'saved' : 'same');
      await queries.invalidateQueries();
    } catch (error) {
      setSaving('no');
      setRefused(error as Error);
    }
  };
  const point = (pointer: string) => {
    area.current?.focus();
    area.current?.setSelectionRange(...locate(text, pointer));
  };
  return (
    <div className="editor">
      <div>
        <label htmlFor="rule-text">{w.ruleText}</label>
        <textarea ref={area} id="rule-text" value={text} spellCheck={false} autoCapitalize="off" autoCorrect="off" rows={Math.min(30, text.split('\n').length + 1)} onChange={(e) => change(e.target.value)} aria-describedby="rule-note" />
        <p className="sub" id="rule-note">{w.editLead}</p>
        <p className="actions">
          <button className="btn pri" disabled={saving === 'going' || fault !== '' || text === stored} onClick={() => void save()}>{saving === 'going' ? w.saving : w.save}</button>
          <button className="btn" disabled={text === stored} onClick={() => change(stored)}>{w.reset}</button>
          <span role="status">{saving === 'saved' ? w.saved : saving === 'same' ? w.same : ''}</span>
        </p>
        {refused && <Refusal error={refused} point={point} />}
      </div>
      <div aria-live="polite">
        {fault ? <p className="none">{w.syntax(fault)}</p> : <Preview segment={segment} rule={rested} refusal={(error) => <Refusal error={error} point={point} />} />}
      </div>
    </div>
  );
}

/** What keeps a text from being JSON; empty if it is. */
function syntaxOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the server has against a rule, and the place; pressing it selects that place in the text. */
function Refusal({ error, point }: { error: Error; point: (pointer: string) => void }) {
  const { t } = useSpeech();
  const w = useWords();
  const pointer = error instanceof ApiError && error.pointer.startsWith('/rule') ? error.pointer.slice('/rule'.length) : null;
  return (
    <div className="failure" role="alert">
      <p>
        <b>{error instanceof ApiError && error.status < 500 ? w.fault : t.customer.panelFailed}</b>
        <span>{error.message}</span>
        {pointer !== null && <button className="link" onClick={() => point(pointer)}>{w.at} <code>{pointer || '/'}</code></button>}
      </p>
    </div>
  );
}
