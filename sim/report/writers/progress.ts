/**
 * The line that shows how far a sweep is. On a terminal it is one line, redrawn in place and removed at the end. In a pipe,
 * or on a terminal that cannot erase a line, there is nothing.
 */
import type { SweepProgress } from '../../sweep/result.ts';
import { runsPerSecond } from '../text/numbers.ts';

export interface ProgressLine {
  show(progress: SweepProgress): void;
  /** Removes the line. */
  clear(): void;
}

/** How far the sweep will go: a number of runs, a number of seconds, or neither. */
export interface Goal {
  readonly runs?: number | undefined;
  readonly seconds?: number | undefined;
}

interface Stream {
  readonly isTTY?: boolean;
  /** Width of a terminal; 0 if unknown. */
  readonly columns?: number;
  write(text: string): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DRAW_EVERY_SECONDS = 0.1;
const CLEAR_LINE = '\r\u001b[2K';

export function progressLine(stream: Stream, goal: Goal, env: Environment = process.env): ProgressLine {
  const note = noteLine(stream, env);
  let drawnAt = 0;
  return {
    show(progress) {
      if (progress.seconds - drawnAt < DRAW_EVERY_SECONDS) return;
      drawnAt = progress.seconds;
      note.show(progressText(progress, goal));
    },
    clear() {
      if (drawnAt > 0) note.clear();
    },
  };
}

/** The same kind of line, with a text. It is cut to the terminal's width, because only one line can be erased. */
export function noteLine(
  stream: Stream,
  env: Environment = process.env,
): {
  show(note: string): void;
  clear(): void;
} {
  if (stream.isTTY !== true || env.TERM === 'dumb') return { show: () => {}, clear: () => {} };
  return {
    show: (note) => stream.write(`${CLEAR_LINE}${note.slice(0, (stream.columns || Number.POSITIVE_INFINITY) - 1)}`),
    clear: () => stream.write(CLEAR_LINE),
  };
}

export function progressText(progress: SweepProgress, goal: Goal): string {
  const rate = runsPerSecond(progress);
  const left = secondsLeft(progress, goal);
  return [
    goal.runs === undefined ? `${progress.runs} runs` : `${progress.runs}/${goal.runs} runs`,
    `${Math.round(rate)}/s`,
    `${progress.notHeld} failing`,
    ...(left === undefined ? [] : [`${clock(left)} left`]),
  ].join(' · ');
}

/** How near the sweep is to its end: by runs or by time, whichever is nearer. */
function secondsLeft(progress: SweepProgress, goal: Goal): number | undefined {
  const rate = runsPerSecond(progress);
  const byRuns = goal.runs === undefined || rate === 0 ? Number.POSITIVE_INFINITY : (goal.runs - progress.runs) / rate;
  const byTime = goal.seconds === undefined ? Number.POSITIVE_INFINITY : goal.seconds - progress.seconds;
  const left = Math.min(byRuns, byTime);
  return Number.isFinite(left) ? Math.max(0, Math.ceil(left)) : undefined;
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
