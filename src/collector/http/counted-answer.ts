/** What every answer about a range says of it: the time that was counted, which may be more than was asked for. Pure. */
import type { ViewRequest } from '../views/view-request.js';

export function countedAnswer<Answer extends object>(
  { fromMs, toMs }: Pick<ViewRequest, 'fromMs' | 'toMs'>,
  answer: Answer,
): Answer & { readonly fromMs: number; readonly toMs: number } {
  return { fromMs, toMs, ...answer };
}
