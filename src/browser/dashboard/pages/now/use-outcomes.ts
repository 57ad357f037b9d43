/** Requests of the range by how they ended, over time: two parts of the page ask for them. */
import type { Answer } from '../../api/answer-state.js';
import type { QueryAnswer } from '../../api/answers.js';
import { useSeries } from '../../api/questions.js';

export function useOutcomes(): Answer<QueryAnswer> {
  return useSeries({
    metric: 'http.server.request.duration',
    group: 'http.response.status_class,error.type',
    sums: '1',
  });
}
