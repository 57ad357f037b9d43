/** The pages: their titles, and what draws them. */
import type { FunctionComponent } from 'preact';
import type { DashboardPage } from '../../../shared/dashboard-pages.js';
import { AlertsPage } from '../pages/alerts/alerts-page.js';
import { ChangesPage } from '../pages/changes/changes-page.js';
import { DatabasePage } from '../pages/database/database-page.js';
import { FrontendPage } from '../pages/frontend/frontend-page.js';
import { InfrastructurePage } from '../pages/infrastructure/infrastructure-page.js';
import { NowPage } from '../pages/now/now-page.js';
import { OperationsPage } from '../pages/operations/operations-page.js';
import { RecommendationsPage } from '../pages/recommendations/recommendations-page.js';
import { ReportsPage } from '../pages/reports/reports-page.js';
import { RoutePage } from '../pages/route/route-page.js';
import { RoutesPage } from '../pages/routes/routes-page.js';
import { SettingsPage } from '../pages/settings/settings-page.js';
import { TracePage } from '../pages/trace/trace-page.js';

interface PageEntry {
  readonly title: string;
  readonly view: FunctionComponent;
}

export const PAGES: Readonly<Record<DashboardPage, PageEntry>> = {
  now: { title: 'Now', view: NowPage },
  routes: { title: 'Routes', view: RoutesPage },
  route: { title: 'Route', view: RoutePage },
  trace: { title: 'Trace', view: TracePage },
  database: { title: 'Database', view: DatabasePage },
  operations: { title: 'Operations', view: OperationsPage },
  frontend: { title: 'Frontend', view: FrontendPage },
  infrastructure: { title: 'Infrastructure', view: InfrastructurePage },
  changes: { title: 'Changes', view: ChangesPage },
  alerts: { title: 'Alerts', view: AlertsPage },
  reports: { title: 'Reports', view: ReportsPage },
  recommendations: { title: 'Recommendations', view: RecommendationsPage },
  settings: { title: 'Settings', view: SettingsPage },
};

export function titleOf(name: DashboardPage): string {
  return PAGES[name].title;
}
