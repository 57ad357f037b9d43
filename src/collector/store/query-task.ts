/** What a thread of the query pool runs. Its connections stay open between tasks. */
import { loadTaskRunner, type StoreTask, type TaskResult, type TaskRunner } from './tasks.js';

const runner: Promise<TaskRunner> = loadTaskRunner();

export async function runTask<Task extends StoreTask>(task: Task): Promise<TaskResult<Task>> {
  return (await runner)(task);
}
