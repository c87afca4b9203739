import { useSpeech } from '../i18n';

export type Tab = 'timeline' | 'summary';

interface Props {
  tab: Tab;
  choose: (tab: Tab) => void;
  /** Open cases, told on the tab that holds them. */
  open: number;
}

/** On a phone the three columns become two tabs. */
export function Tabs({ tab, choose, open }: Props) {
  const { t } = useSpeech();
  const one = (name: Tab) => ({
    role: 'tab',
    'aria-selected': tab === name,
    'aria-controls': 'customer-panel',
    onClick: () => choose(name),
  });
  return (
    <div className="tabs" role="tablist">
      <button {...one('timeline')}>{t.customer.timeline}</button>
      <button {...one('summary')}>{t.customer.summary}{open > 0 && <> <b>{open}</b></>}</button>
    </div>
  );
}
