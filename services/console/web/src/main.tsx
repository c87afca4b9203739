import { createRoot } from 'react-dom/client';
import { newQueryClient } from './api/queries';
import { App } from './app/App';
import { settings } from './app/settings';
import { Hub } from './live/hub';
import './styles/index.css';

document.documentElement.lang = settings().language;
document.documentElement.dataset.theme = settings().theme;

const hub = new Hub();
hub.start();
createRoot(document.getElementById('root')!).render(<App queries={newQueryClient()} hub={hub} />);

// The table of font faces is large and text is readable without it: it comes after the first paint.
requestAnimationFrame(() => setTimeout(() => void import('./styles/font'), 0));
