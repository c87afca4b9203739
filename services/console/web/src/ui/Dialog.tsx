import { useEffect, useId, useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { useSpeech } from '../i18n';

interface Props {
  title: string;
  close: () => void;
  className?: string;
  children: ReactNode;
}

/** A modal sheet on the native dialog: focus trap, Escape and backdrop come with it. */
export function Dialog({ title, close, className = '', children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { t } = useSpeech();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`sheet ${className}`}
      aria-labelledby={id}
      onCancel={(e) => (e.preventDefault(), close())}
      onClick={(e) => e.target === ref.current && close()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button className="ghost" onClick={close} aria-label={t.close}>
          <X size={17} aria-hidden />
        </button>
      </header>
      <div className="sheet-body" tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
    </dialog>
  );
}
