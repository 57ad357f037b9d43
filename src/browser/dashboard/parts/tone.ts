/** What a colour means; a sign goes with each, so that colour alone tells nothing. */
export type Tone = 'ok' | 'attention' | 'bad' | 'unknown' | 'plain' | 'accent';

export const TONE_SIGNS: Readonly<Record<Tone, string>> = {
  ok: '✓',
  attention: '▲',
  bad: '✕',
  unknown: '?',
  plain: '',
  accent: '',
};
