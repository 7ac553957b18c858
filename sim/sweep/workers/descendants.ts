/**
 * Ends the processes that a process has started, and the processes that those have started. A run in a native call may wait
 * for one (`execSync`). It must not outlive the process that started it, and when it ends the call returns.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface Parentage {
  readonly pid: number;
  readonly parent: number;
}

/** Parents of all processes. Empty where the host does not tell. */
function parentages(): readonly Parentage[] {
  try {
    if (process.platform === 'linux') return readdirSync('/proc').flatMap(parentageOf);
    const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    return listed.split('\n').map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/ +/).map(Number);
      return { pid, parent };
    });
  } catch {
    return [];
  }
}

function parentageOf(name: string): readonly Parentage[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    // `PID (NAME) STATE PARENT …`; a name may hold anything.
    const parent = /.*\) \S (\d+) /s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
  } catch {
    return [];
  }
}

/** Kills all that this process started, and what that started. The process itself goes on. */
export function endDescendants(of: number): void {
  const all = parentages();
  const childrenOf = (parent: number): readonly number[] =>
    all.filter((one) => one.parent === parent).map(({ pid }) => pid);
  const ends = [...childrenOf(of)];
  for (const pid of ends) {
    ends.push(...childrenOf(pid));
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
