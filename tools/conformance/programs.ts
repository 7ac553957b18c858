/** All programs. */
import { ABORTS } from './aborts.ts';
import { CONTEXTS } from './contexts.ts';
import { ERRORS } from './errors.ts';
import { EVENTS } from './events.ts';
import { IMMEDIATES } from './immediates.ts';
import { ITERATORS } from './iterators.ts';
import type { Program } from './program.ts';
import { PROMISED_TIMERS } from './promised-timers.ts';
import { PROMISES } from './promises.ts';
import { STREAMS } from './streams.ts';
import { TICKS_AND_MICROTASKS } from './ticks.ts';
import { TIMERS } from './timers.ts';

export const PROGRAMS: readonly Program[] = [
  ...TIMERS,
  ...IMMEDIATES,
  ...PROMISED_TIMERS,
  ...TICKS_AND_MICROTASKS,
  ...PROMISES,
  ...ITERATORS,
  ...STREAMS,
  ...EVENTS,
  ...ABORTS,
  ...CONTEXTS,
  ...ERRORS,
];
