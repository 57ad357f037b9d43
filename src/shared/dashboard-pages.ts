/** Pages of the dashboard, each a path of the collector: `/routes`. The collector serves what the page knows. */
export const DASHBOARD_PAGES = [
  'now',
  'routes',
  'route',
  'trace',
  'database',
  'operations',
  'frontend',
  'infrastructure',
  'changes',
  'alerts',
  'reports',
  'recommendations',
  'settings',
] as const;

export type DashboardPage = (typeof DASHBOARD_PAGES)[number];
