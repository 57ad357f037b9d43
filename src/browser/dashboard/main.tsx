/** The dashboard's entry: theme first, then who is reading, then the page. */
import './styles/app.css';
import { render } from 'preact';
import { refreshDue } from './api/api-client.js';
import { AppShell } from './shell/app-shell.js';
import { startKeyboard } from './state/keyboard.js';
import { startRefresh } from './state/refresh.js';
import { startSession } from './state/session.js';
import { startTheme } from './state/theme.js';
import { followLinks } from './state/url-state.js';

startTheme();
followLinks();
startKeyboard();
startRefresh(refreshDue);
// Only a link that signs in is waited for: what the page asks before would be refused.
const signedIn = startSession();
if (location.hash.startsWith('#login=')) await signedIn;
render(<AppShell />, document.getElementById('app')!);
