/** The home of whoever runs the process, as far as that can be told. */
import { homedir } from 'node:os';

/** Empty where the environment names none, nor does the system know the user: a container with a made-up uid. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
