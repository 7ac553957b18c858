/** How long a single run takes from the shell, against a Node process that does nothing. Both are started in turn. */
import { spawn } from 'node:child_process';
import { SIM } from './command.ts';
import type { Figure } from './figure.ts';
import { type Contestant, inTurn, medianMs, ratio } from './rounds.ts';

const RUN = 'sim run --seed 1';
const BARE = 'node -e 0';

export async function benchStartUp(): Promise<readonly Figure[]> {
  const times = await inTurn([processOf(RUN, [SIM, 'run', '--seed', '1']), processOf(BARE, ['-e', '0'])], {
    warmUps: 2,
    rounds: 21,
  });
  return [
    {
      name: RUN,
      value: medianMs(times, RUN),
      unit: 'ms',
      against: { [BARE]: ratio(times, RUN, BARE) },
      target: { against: { [BARE]: 1 / 4 } },
    },
  ];
}

function processOf(name: string, args: readonly string[]): Contestant {
  return {
    name,
    run: () =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, args, { stdio: 'ignore' });
        child.on('error', reject);
        child.on('exit', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`${name} exited with ${code}`));
        });
      }),
  };
}
