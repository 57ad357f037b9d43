/**
 * GraphQL operations, where all servers on graphql-js execute them. An operation that its document
 * names has its name; documents come from clients, so the names are bounded. Hot path.
 */
import { GRAPHQL_OPERATION_DURATION } from '../../shared/application-metrics.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';
import { BoundedNames } from './bounded-names.js';

interface Definition {
  readonly kind?: string;
  readonly operation?: string;
  readonly name?: { readonly value?: string };
}
interface ExecutionArgs {
  readonly document?: { readonly definitions?: readonly Definition[] };
  readonly operationName?: string | null;
}
interface ExecutionResult {
  readonly errors?: readonly unknown[];
}

/** For graphql/execution/execute.js; of a subscription each event is executed. */
export function patchGraphql({ exports }: LoadedModule, host: ProbeHost): void {
  const series = new LabelSeries(host.recorder, GRAPHQL_OPERATION_DURATION);
  const names = new BoundedNames();
  host.context.follow();
  for (const name of ['execute', 'executeSync']) {
    timeMethod(exports as object, name, host, {
      name: 'graphql',
      onEnd: ({ args, unit, startMs, error, result }) => {
        const { operation = '', name: named } = operationOf(args[0] as ExecutionArgs) ?? {};
        const { errors = [] } = (result ?? {}) as ExecutionResult;
        const returned = errors.length > 0 ? 'GraphQLError' : undefined;
        const label = named?.value === undefined ? '' : names.take(named.value);
        const id = series.id(operation, label, errorTypeOf(error) ?? returned);
        host.work.endLayer(LAYER.graphql, unit, id, startMs);
      },
    });
  }
}

/** The operation that is executed: the one that is asked for, or the only one. */
function operationOf(args: ExecutionArgs | undefined): Definition | undefined {
  const { document, operationName } = args ?? {};
  const operations = document?.definitions?.filter(({ kind }) => kind === 'OperationDefinition');
  if (operationName === undefined || operationName === null) return operations?.[0];
  return operations?.find(({ name }) => name?.value === operationName);
}
