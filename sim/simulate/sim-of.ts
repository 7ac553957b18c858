/** The `sim` of a body: checks what the author hands over, and passes it on to the run. */
import { inspect } from 'node:util';
import { WorldError } from '../invariant/world-error.ts';
import type { Group } from '../kernel/kernel.ts';
import { complaintOf } from './draw-value.ts';
import { type TestEvent, withoutColours } from './failures.ts';
import { TEST_NODE } from './node-faults.ts';
import type { NodeHandle, NodeMain, Sim } from './sim.ts';
import type { ValueOf, ValueSpec } from './values.ts';

const NODE_NAME = /^[A-Za-z0-9_.-]{1,40}$/;
/** Node's timers are not set for longer. */
const TIMER_MS_MAX = 0x7fffffff;
const LOG_CHARS_MAX = 500;

/** What a run does for its body, once it is clear that it can. */
export interface Actions {
  now(): number;
  node(name: string, main: NodeMain<unknown>): NodeHandle;
  settled(): Promise<void>;
  draw(name: string, values: unknown): unknown;
  /** Without a time, it must hold all along. */
  promise(name: string, predicate: () => boolean, withinMs?: number): void;
  reached(mark: string): void;
  sleep(ms: number): Promise<void>;
  emit(event: TestEvent): void;
  /** The node of whoever calls, and its group. */
  here(): { readonly name: string; readonly group: Group };
  late(node: string, group: Group, forMs: number): void;
  jump(node: string, group: Group, byMs: number): void;
}

export function simOf(run: Actions): Sim {
  return {
    node: (name, main) => {
      if (typeof name !== 'string' || !NODE_NAME.test(name)) {
        throw new WorldError(
          `sim.node: expected a name of letters, digits, dots, dashes and underscores, found '${name}'`,
        );
      }
      if (name === TEST_NODE) throw new WorldError(`sim.node: '${TEST_NODE}' is the node in which the body runs`);
      expectFunction('sim.node', main);
      return run.node(name, main);
    },
    settled: () => run.settled(),
    draw: <const S extends ValueSpec>(name: string, values: S): ValueOf<S> => {
      expectText('sim.draw', name);
      const complaint = complaintOf(values);
      if (complaint !== undefined) throw new WorldError(`sim.draw('${name}'): ${complaint}`);
      // What is drawn of a specification is what its type says.
      return run.draw(name, values) as ValueOf<S>;
    },
    always: (name, predicate) => {
      expectText('sim.always', name);
      expectFunction('sim.always', predicate);
      run.promise(name, predicate);
    },
    eventually: (name, predicate, withinMs) => {
      expectText('sim.eventually', name);
      expectFunction('sim.eventually', predicate);
      expectMs('sim.eventually', withinMs);
      run.promise(name, predicate, withinMs);
    },
    reached: (mark) => {
      expectText('sim.reached', mark);
      run.reached(mark);
    },
    now: () => run.now(),
    sleep: (ms) => {
      expectMs('sim.sleep', ms);
      if (ms > TIMER_MS_MAX) throw new WorldError(`sim.sleep: a timer is due within ${TIMER_MS_MAX} ms, found ${ms}`);
      return run.sleep(ms);
    },
    log: (...values) => run.emit({ kind: 'log', text: lineOf(values) }),
    lag: (ms) => {
      expectMs('sim.lag', ms);
      const { name, group } = run.here();
      run.late(name, group, ms);
    },
    clockJump: (ms) => {
      if (!Number.isSafeInteger(ms)) throw new WorldError(`sim.clockJump: expected whole milliseconds, found ${ms}`);
      const { name, group } = run.here();
      run.jump(name, group, ms);
    },
  };
}

function lineOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })));
  return withoutColours(texts.join(' ')).slice(0, LOG_CHARS_MAX).toWellFormed();
}

function expectText(what: string, text: unknown): void {
  if (typeof text !== 'string' || text === '') throw new WorldError(`${what}: expected a name, found ${String(text)}`);
}

function expectFunction(what: string, given: unknown): void {
  if (typeof given !== 'function') throw new WorldError(`${what}: expected a function, found ${typeof given}`);
}

function expectMs(what: string, ms: unknown): void {
  if (Number.isSafeInteger(ms) && Number(ms) >= 0) return;
  throw new WorldError(`${what}: expected a whole number of milliseconds from 0, found ${String(ms)}`);
}
