import { useEffect, useState } from 'react';
import { useSpeech } from '../i18n';

/** Whether waiting has lasted long enough to be shown: a quick answer must not flash grey boxes. */
export function useLate(milliseconds = 120): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}

/** Grey lines of the height of what is to come. */
export function Skeleton({ lines, height = 20 }: { lines: number; height?: number }) {
  const { t } = useSpeech();
  const late = useLate();
  return (
    <div className="skeleton" role="status" aria-label={t.loading} data-late={late}>
      {Array.from({ length: lines }, (_, i) => <i key={i} style={{ height }} />)}
    </div>
  );
}
