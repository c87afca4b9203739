import { useWholeEvent } from '../../api/queries';
import { useSpeech } from '../../i18n';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';
import { valueText } from '../traits';

interface Props {
  position: number;
  /** Whether to say the type and time first, where no row above has said them. */
  titled?: boolean;
}

/** One event as its source sent it: every field, as text. */
export function WholeEvent({ position, titled = false }: Props) {
  const { t, f, say } = useSpeech();
  const { data, error, refetch } = useWholeEvent(position);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} height={16} />;
  const fields = typeof data.data === 'object' && data.data !== null ? Object.entries(data.data) : [];
  const { field } = t.timeline;
  return (
    <dl className="whole-event">
      {titled && <Field name={say(data.headline)} value={f.full(data.time)} />}
      {fields.map(([name, value]) => <Field key={name} name={name} value={valueText(value)} />)}
      {!titled && <Field name={field.type} value={data.type} quiet />}
      <Field name={field.source} value={data.source} quiet />
      <Field name={field.recorded} value={f.full(data.recorded_at)} quiet />
      <Field name={field.id} value={data.id} quiet />
      <Field name={field.position} value={f.number(data.position)} quiet />
    </dl>
  );
}

function Field({ name, value, quiet = false }: { name: string; value: string; quiet?: boolean }) {
  return (
    <div className={quiet ? 'quiet' : ''}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
