import { ChartNoAxesCombined, Layers, ServerCog, Users } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useSpeech } from '../i18n';

/** The sections of the app. Only those that exist are here. */
export function Rail() {
  const { t } = useSpeech();
  const [path] = useLocation();
  const sections = [
    { href: '/', name: t.nav.customers, Icon: Users, current: path === '/' || path.startsWith('/customers') },
    { href: '/segments', name: t.nav.segments, Icon: Layers, current: path.startsWith('/segments') },
    { href: '/analytics/churn', name: t.nav.analysis, Icon: ChartNoAxesCombined, current: path.startsWith('/analytics') || path === '/churn' },
    { href: '/ops', name: t.nav.ops, Icon: ServerCog, current: path.startsWith('/ops') },
  ];
  return (
    <nav className="rail" aria-label={t.nav.label}>
      <div className="logo" aria-hidden>c<b>360</b></div>
      {sections.map(({ href, name, Icon, current }) => (
        <Link key={href} href={href} aria-current={current ? 'page' : undefined}>
          <Icon size={19} strokeWidth={1.75} aria-hidden />
          <span>{name}</span>
        </Link>
      ))}
    </nav>
  );
}
