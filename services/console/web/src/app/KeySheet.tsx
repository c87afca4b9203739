import { useSpeech } from '../i18n';
import { Dialog } from '../ui/Dialog';
import { change, useSettings } from './settings';

/** Every key of the app, and the switch that turns the single ones off (WCAG 2.1.4). */
export default function KeySheet({ close }: { close: () => void }) {
  const { t } = useSpeech();
  const { singleKeys } = useSettings();
  const rows: [string, string][] = [
    ['/  ⌘K', t.keys.search], ['j', t.keys.next], ['k', t.keys.previous], ['⏎  x', t.keys.expand], ['0 – 6', t.keys.channel],
    ['t', t.keys.top], ['e', t.keys.evidence], ['.', t.keys.link], ['[  ]', t.keys.asOf], ['g c', t.keys.customers], ['g s', t.keys.segments], ['g a', t.keys.analysis], ['g o', t.keys.ops],
    ['?', t.keys.help], ['Esc', t.keys.back],
  ];
  return (
    <Dialog title={t.keys.title} close={close} className="keys">
      <dl>
        {rows.map(([key, name]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd><kbd>{key}</kbd></dd>
          </div>
        ))}
      </dl>
      <label className="switch">
        <input type="checkbox" checked={singleKeys} onChange={(e) => change({ singleKeys: e.target.checked })} />
        {t.keys.single}
      </label>
    </Dialog>
  );
}
