import { Pin } from 'lucide-react';
import { useState } from 'react';
import type { Note } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';

/** Pinned notes and the newest; the others on request, so that what is below is not pushed out of sight. */
const few = 3;

/** What colleagues wrote down, the pinned ones first. */
export function Notes({ notes }: { notes: Note[] }) {
  const { t } = useSpeech();
  const [all, setAll] = useState(false);
  const sorted = [...notes].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.time.localeCompare(a.time));
  const shown = all ? sorted : sorted.slice(0, Math.max(few, notes.filter((note) => note.pinned).length));
  return (
    <Section title={t.left.notes} count={notes.length}>
      {sorted.length === 0 && <p className="none">{t.left.noNotes}</p>}
      {shown.map((note) => <OneNote key={note.id} note={note} />)}
      {shown.length < sorted.length && (
        <button className="link" onClick={() => setAll(true)}>{t.left.moreNotes(sorted.length - shown.length)}</button>
      )}
    </Section>
  );
}

function OneNote({ note }: { note: Note }) {
  const { t, f } = useSpeech();
  const now = useNow();
  return (
    <div className={note.pinned ? 'note pinned' : 'note'}>
      <p lang="ko">
        {note.pinned && <Pin size={12} role="img" aria-label={t.left.pinned} />}
        {note.text}
      </p>
      <span>{[note.author, note.store, f.ago(note.time, now)].filter(Boolean).join(' · ')}</span>
    </div>
  );
}
