/** The frame of every page: where one can go, what is chosen, the page, and what the agent costs. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { needsLogin } from '../api/api-client.js';
import { page } from '../state/url-state.js';
import { CostBar } from './cost-bar.js';
import { KeysDialog } from './keys-dialog.js';
import { LoginPage } from './login-page.js';
import { PAGES, titleOf } from './pages.js';
import { SideNav } from './side-nav.js';
import { TopBar } from './top-bar.js';

export function AppShell(): JSX.Element {
  const name = page.value;
  const Page = PAGES[name].view;
  useEffect(() => {
    document.title = `${titleOf(name)} · Tachograph`;
  });
  if (needsLogin.value) return <LoginPage />;
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <SideNav />
      <div class="column">
        <TopBar title={titleOf(name)} />
        <main id="main" tabIndex={-1}>
          <Page key={name} />
        </main>
        <CostBar />
      </div>
      <KeysDialog />
    </div>
  );
}
