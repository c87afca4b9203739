import { Moon, Search, Sun } from 'lucide-react';
import { useSpeech } from '../i18n';
import { change, useSettings } from './settings';
import { LivePill } from './LivePill';

/** Search, the state of the live line, language and theme. */
export function TopBar({ search }: { search: () => void }) {
  const { t, language } = useSpeech();
  const { theme } = useSettings();
  const dark = theme === 'dark';
  return (
    <header className="top">
      <button className="search" onClick={search} aria-keyshortcuts="/ Control+K Meta+K">
        <Search size={16} aria-hidden />
        <i className="hidden">{t.search.label}: </i>
        <span>{t.search.placeholder}</span>
        <kbd aria-hidden>/</kbd>
      </button>
      <LivePill />
      <div className="grow" />
      <div className="top-slot" id="top-slot" />
      <button
        className="ghost"
        onClick={() => change({ language: language === 'ko' ? 'en' : 'ko' })}
        aria-label={`${t.otherLanguageShort} · ${t.otherLanguage}`}
      >
        {t.otherLanguageShort}
      </button>
      <button className="ghost" onClick={() => change({ theme: dark ? 'light' : 'dark' })} aria-label={dark ? t.lightTheme : t.darkTheme}>
        {dark ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
      </button>
    </header>
  );
}
