import { RotateCw, TriangleAlert } from 'lucide-react';
import { useSpeech } from '../i18n';

interface Props {
  title: string;
  detail?: string;
  retry?: () => void;
}

/** Says what failed, in its own place, and offers to try again. */
export function Failure({ title, detail, retry }: Props) {
  const { t } = useSpeech();
  return (
    <div className="failure" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <p>
        <b>{title}</b>
        {detail && <span>{detail}</span>}
      </p>
      {retry && (
        <button className="btn xs" onClick={retry}>
          <RotateCw size={12} aria-hidden />
          {t.retry}
        </button>
      )}
    </div>
  );
}
