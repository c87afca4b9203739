import { Pin } from 'lucide-react';
import type { Note } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';

/** What colleagues wrote down, the pinned ones first. */
export function Notes({ notes }: { notes: Note[] }) {
  const { t } = useSpeech();
  const sorted = [...notes].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.time.localeCompare(a.time));
  return (
    <Section title={t.left.notes} count={notes.length}>
      {sorted.length === 0 && <p className="none">{t.left.noNotes}</p>}
      {sorted.map((note) => <OneNote key={note.id} note={note} />)}
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
