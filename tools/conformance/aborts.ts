/** AbortController and AbortSignal. */
import { type Program, program, told } from './program.ts';

const SYNC = 'an abort reaches its listeners at once';
const DOM = 'the reason is a DOMException';

export const ABORTS: readonly Program[] = [
  program('an abort reaches its listeners at once', SYNC, ['a b true'], (log) => {
    const controller = new AbortController();
    for (const each of ['a', 'b']) controller.signal.addEventListener('abort', () => log(each));
    controller.abort();
    log(controller.signal.aborted);
  }),
  program('aborting twice', 'the first counts', ['a first'], (log) => {
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => log('a'));
    controller.abort('first');
    controller.abort('second');
    log(controller.signal.reason);
  }),
  program('the reason of an abort', DOM, ['AbortError 20'], (log) => {
    const controller = new AbortController();
    controller.abort();
    const reason: unknown = controller.signal.reason;
    if (!(reason instanceof DOMException)) return;
    log(reason.name);
    log(reason.code);
  }),
  program('onabort and listeners', SYNC, ['on a'], (log) => {
    const { signal, abort } = bound();
    signal.onabort = () => log('on');
    signal.addEventListener('abort', () => log('a'));
    abort();
  }),
  program('throwIfAborted', 'it throws the reason', ['fine why'], (log) => {
    const { signal, abort } = bound();
    signal.throwIfAborted();
    log('fine');
    abort('why');
    try {
      signal.throwIfAborted();
    } catch (error) {
      log(error);
    }
  }),
  program('a signal that has aborted from the start', 'its listeners hear nothing', ['true why'], (log) => {
    const signal = AbortSignal.abort('why');
    signal.addEventListener('abort', () => log('never'));
    log(signal.aborted);
    log(signal.reason);
  }),
  program('any of two signals', 'it aborts with the first', ['any b'], (log) => {
    const [a, b] = [bound(), bound()];
    const any = AbortSignal.any([a.signal, b.signal]);
    any.addEventListener('abort', () => log('any'));
    b.abort('b');
    a.abort('a');
    log(any.reason);
  }),
  program('any with one that has aborted', 'it has aborted, too', ['true a'], (log) => {
    const any = AbortSignal.any([AbortSignal.abort('a'), new AbortController().signal]);
    log(any.aborted);
    log(any.reason);
  }),
  program('a timeout', DOM, ['false TimeoutError 23'], async (log) => {
    const signal = AbortSignal.timeout(2);
    log(signal.aborted);
    // It keeps no process going.
    const alive = setTimeout(() => {}, 1_000_000);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    clearTimeout(alive);
    const reason: unknown = signal.reason;
    if (!(reason instanceof DOMException)) return;
    log(reason.name);
    log(reason.code);
  }),
  program('a timeout alone', 'it keeps no process going', ['set'], (log) => {
    AbortSignal.timeout(1_000_000).addEventListener('abort', () => log('never'));
    log('set');
  }),
  program('timeouts and timers of one duration', 'they stand in one list', ['a s b'], (log) => {
    setTimeout(log, 3, 'a');
    AbortSignal.timeout(3).addEventListener('abort', () => log('s'));
    setTimeout(log, 3, 'b');
  }),
  program(
    'timeouts that are none',
    'they are refused',
    ['ERR_OUT_OF_RANGE ERR_OUT_OF_RANGE ERR_INVALID_ARG_TYPE'],
    (log) => {
      for (const each of [-1, 1.5, 'x']) {
        try {
          Reflect.apply(AbortSignal.timeout, AbortSignal, [each]);
        } catch (error) {
          log(told(error).replace(/^.*:/, ''));
        }
      }
    },
  ),
  program('a timeout and a controller together', 'any aborts with the first', ['why'], async (log) => {
    const { signal, abort } = bound();
    const any = AbortSignal.any([AbortSignal.timeout(1_000_000), signal]);
    setTimeout(abort, 1, 'why');
    await new Promise((resolve) => any.addEventListener('abort', resolve));
    log(any.reason);
  }),
];

function bound(): { readonly signal: AbortSignal; readonly abort: (reason?: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}
