/** A report as a document: its sections in their order. Pure. */
import { createCalendar } from './calendar.js';
import { arrivalBlocks, changeBlocks, continuingBlocks } from './change-blocks.js';
import type { Block, ReportDocument, Tone } from './report-document.js';
import type { DailyReport, Report, ReportVerdict, WeeklyReview } from './report-model.js';
import {
  browserBlocks,
  capacityBlocks,
  costBlocks,
  databaseBlocks,
  fixBlocks,
  headlineBlocks,
  moduleBlocks,
  notJudgedBlocks,
  qualityBlocks,
  recommendationBlocks,
  section,
} from './section-blocks.js';

const TONES: Readonly<Record<ReportVerdict['state'], Tone>> = {
  worse: 'bad',
  mixed: 'bad',
  better: 'good',
  steady: 'good',
  'cannot tell': 'plain',
};

export function documentOf(report: Report): ReportDocument {
  const { verdict, zone, fromMs, toMs, service } = report;
  const calendar = createCalendar(zone);
  const name =
    report.kind === 'daily' ? `Daily report ${report.date}` : `Weekly review ${report.week}`;
  const range = `${calendar.clockOf(fromMs)} to ${calendar.clockOf(toMs)}, ${zone}`;
  return {
    title: service === null ? name : `${name} · ${service}`,
    subtitle: range,
    verdict: { text: verdict.sentence, tone: TONES[verdict.state] },
    blocks: report.kind === 'daily' ? dailyBlocks(report) : weeklyBlocks(report),
  };
}

function weeklyBlocks(review: WeeklyReview): Block[] {
  const calendar = createCalendar(review.zone);
  const { recommendations, browser, capacity, topCost, database, notJudged } = review;
  return [
    ...qualityBlocks(review.quality, review.times),
    ...section('Headline', headlineBlocks(review.headline, 'Last week'), ''),
    ...section('Modules', moduleBlocks(review.modules), 'No operation has a module.'),
    ...changeBlocks('Regressions', review.regressions, 'None that the data can show.', calendar),
    ...continuingBlocks(review.continuing, calendar),
    ...changeBlocks('Improvements', review.improvements, 'None that the data can show.', calendar),
    ...fixBlocks(review.verifiedFixes),
    ...arrivalBlocks(review.appeared, review.vanished),
    ...section('Where the time goes', costBlocks(topCost), 'Nothing was timed.'),
    ...section('Database', databaseBlocks(database), 'No query was recorded.'),
    ...section('Recommendations', recommendationBlocks(recommendations), 'None.'),
    ...section('Browser', browserBlocks(browser), 'No page sent the beacon.'),
    ...section('Capacity', capacityBlocks(capacity), 'No system figures were recorded.'),
    ...section('Not judged', notJudgedBlocks(notJudged), 'Everything was judged.'),
  ];
}

function dailyBlocks(report: DailyReport): Block[] {
  const calendar = createCalendar(report.zone);
  return [
    ...qualityBlocks(report.quality, report.times),
    ...section('Summary', headlineBlocks(report.headline, 'Same day last week'), ''),
    ...section('Slowest endpoints', costBlocks(report.slowest), 'None with 20 requests.'),
    ...section('Database', databaseBlocks(report.database), 'No query was recorded.'),
    ...section('Modules', moduleBlocks(report.modules), 'No operation has a module.'),
    ...changeBlocks('Regressions', report.regressions, 'None that the data can show.', calendar),
    ...continuingBlocks(report.continuing, calendar),
    ...changeBlocks('Improvements', report.improvements, 'None that the data can show.', calendar),
    ...section('Recommendations', recommendationBlocks(report.recommendations), 'None.'),
    ...section('Not judged', notJudgedBlocks(report.notJudged), 'Everything was judged.'),
  ];
}
