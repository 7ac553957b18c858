/**
 * What failed in a run of a simulated test: an operation, the body or a node threw, or something did not hold that
 * `sim.always` or `sim.eventually` said. The error itself is kept, with its difference and its stack, for the test runner.
 */
import type { Invariant, TraceEvent } from '../invariant/invariant.ts';
import { placeOf } from '../scenario/blame/frames.ts';
import { describeError, stackOf } from '../scenario/blame/thrown.ts';
import { testFrames } from './author-mistake.ts';

export type TestEvent =
  | { readonly kind: 'began' | 'returned' | 'aborted'; readonly op: string }
  | { readonly kind: 'failed' | 'broken'; readonly op: string; readonly what: string }
  | { readonly kind: 'step'; readonly of: string }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'reached'; readonly mark: string }
  | { readonly kind: 'up'; readonly node: string; readonly incarnation: number }
  | { readonly kind: 'down' | 'paused' | 'resumed'; readonly node: string }
  | { readonly kind: 'jumped'; readonly node: string; readonly byMs: number }
  | { readonly kind: 'late'; readonly node: string; readonly forMs: number }
  | { readonly kind: 'settled' };

export const TEST_EVENTS = {
  began: ['op'],
  returned: ['op'],
  aborted: ['op'],
  failed: ['op', 'what'],
  broken: ['op', 'what'],
  step: ['of'],
  log: ['text'],
  reached: ['mark'],
  up: ['node', 'incarnation'],
  down: ['node'],
  paused: ['node'],
  resumed: ['node'],
  jumped: ['node', 'byMs'],
  late: ['node', 'forMs'],
  settled: [],
} as const;

export interface TestFailure {
  /** An operation's key, `body`, `finally`, or a node. */
  readonly op: string;
  /** On one line, without colours: it is part of the trace. */
  readonly what: string;
  /** What was thrown. */
  readonly error: unknown;
  /** What has to stay while the scenario is shrunk: of whom, and the test's line. */
  readonly like: string;
}

/** What invariants see of a run. */
export interface TestView {
  /** The first one counts. */
  readonly failures: TestFailure[];
}

export function failureOf(op: string, kind: string, error: unknown): TestFailure {
  const [frame] = testFrames(stackOf(error) ?? '');
  const place = frame === undefined ? '' : placeOf(frame);
  return { op, what: withoutColours(describeError(error)), error, like: `${kind} ${nameOf(error)} ${place}` };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes by which assertion libraries colour their texts
const COLOUR = /\u001b\[[0-9;]*m/g;

export function withoutColours(text: string): string {
  return text.replace(COLOUR, '');
}

/** What operations, the body and nodes throw. */
const EXPECTATION = 'expectation';
/** What `sim.always` and `sim.eventually` say. */
const PROPERTY = 'property';

/** Events and view are those of a test: worlds of tests are handled as any other. */
function failing(id: string, holds: string, kind: 'failed' | 'broken'): Invariant<TraceEvent, unknown> {
  return {
    id,
    holds,
    create: ({ view, violate }) => ({
      on: {
        [kind]: (event) => {
          const failure = isTestView(view) ? view.failures.at(-1) : undefined;
          if (failure === undefined || event.kind !== kind) return;
          const { op, what, like, error } = failure;
          violate(`${op}: ${what}`, undefined, { like, stack: stackOf(error) });
        },
      },
    }),
  };
}

function isTestView(view: unknown): view is TestView {
  return typeof view === 'object' && view !== null && 'failures' in view;
}

export const testInvariants: readonly Invariant<TraceEvent, unknown>[] = [
  failing(EXPECTATION, 'no operation, no node and not the body throws, and what they expect holds', 'failed'),
  failing(PROPERTY, 'what the test says by sim.always and sim.eventually holds', 'broken'),
];
