import { useSpeech } from '../i18n';

const sample = `curl -u WRITE_KEY: ${location.origin}/v1/track \\
  -d '{"userId":"u1","event":"Order Completed","properties":{"order_id":"1","total":12000}}'`;

/** What to do with a c360 that has heard nothing yet. */
export function Empty() {
  const { t } = useSpeech();
  return (
    <div className="nothing">
      <b>{t.home.empty}</b>
      <span>{t.home.emptyHint}</span>
      <pre tabIndex={0}>{sample}</pre>
    </div>
  );
}
