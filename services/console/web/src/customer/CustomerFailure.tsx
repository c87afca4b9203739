import { ApiError } from '../api/client';
import { useSpeech } from '../i18n';
import { Failure } from '../ui/Failure';

/** Nobody there, erased, or just not reachable: three different things to an agent. */
export function CustomerFailure({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useSpeech();
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 404 || status === 400) return <Nothing title={t.customer.notFound} hint={t.customer.notFoundHint} />;
  if (status === 410) return <Nothing title={t.customer.erased} hint={t.customer.erasedHint} />;
  return <div className="whole"><Failure title={t.customer.failed} detail={error.message} retry={retry} /></div>;
}

function Nothing({ title, hint }: { title: string; hint: string }) {
  return (
    <div className="nothing whole">
      <b>{title}</b>
      <span>{hint}</span>
    </div>
  );
}
