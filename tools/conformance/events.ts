/** EventEmitter and EventTarget. */
import { EventEmitter, errorMonitor, once } from 'node:events';
import { type Program, program, told } from './program.ts';

const SYNC = 'listeners are called at once, in the order in which they were added';

export const EVENTS: readonly Program[] = [
  program('listeners run in order, at once', SYNC, ['a b after'], (log) => {
    const emitter = new EventEmitter();
    emitter.on('x', () => log('a'));
    emitter.on('x', () => log('b'));
    emitter.emit('x');
    log('after');
  }),
  program('a listener put before the others', SYNC, ['b a'], (log) => {
    const emitter = new EventEmitter();
    emitter.on('x', () => log('a'));
    emitter.prependListener('x', () => log('b'));
    emitter.emit('x');
  }),
  program('a listener for one event', 'it is taken off before it is called', ['a 0'], (log) => {
    const emitter = new EventEmitter();
    emitter.once('x', () => {
      log('a');
      emitter.emit('x');
    });
    emitter.emit('x');
    log(emitter.listenerCount('x'));
  }),
  program('a listener added by a listener', 'an event goes to those that were there', ['a a b'], (log) => {
    const emitter = new EventEmitter();
    emitter.on('x', () => {
      log('a');
      emitter.once('x', () => log('b'));
    });
    emitter.emit('x');
    emitter.emit('x');
  }),
  program('a listener taken off by a listener', 'an event goes to those that were there', ['a b a'], (log) => {
    const emitter = new EventEmitter();
    const b = (): void => log('b');
    emitter.on('x', () => {
      log('a');
      emitter.off('x', b);
    });
    emitter.on('x', b);
    emitter.emit('x');
    emitter.emit('x');
  }),
  program('emit tells whether anybody listened', 'as documented', ['false true'], (log) => {
    const emitter = new EventEmitter();
    log(emitter.emit('x'));
    emitter.on('x', () => {});
    log(emitter.emit('x'));
  }),
  program('an error that nobody listens for', 'emit throws it', ['Error:Error'], (log) => {
    try {
      new EventEmitter().emit('error', new Error('no'));
    } catch (error) {
      log(told(error));
    }
  }),
  program('an error event that is no error', 'emit throws one that says so', ['Error:ERR_UNHANDLED_ERROR'], (log) => {
    try {
      new EventEmitter().emit('error', 'no');
    } catch (error) {
      log(told(error).replace(/^\w+:/, ''));
    }
  }),
  program('a monitor of errors', 'it sees them first and catches none', ['seen Error:Error'], (log) => {
    const emitter = new EventEmitter();
    emitter.on(errorMonitor, () => log('seen'));
    try {
      emitter.emit('error', new Error('no'));
    } catch (error) {
      log(told(error));
    }
  }),
  program('a rejection of a listener that is captured', 'it becomes an error event, in a tick', ['sync no'], (log) => {
    const emitter = new EventEmitter({ captureRejections: true });
    emitter.on('x', async () => {
      throw new Error('no');
    });
    emitter.on('error', ({ message }: Error) => log(message));
    emitter.emit('x');
    log('sync');
  }),
  program('events.once', 'the promise has the arguments', ['1,2'], async (log) => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit('x', 1, 2), 1);
    log(await once(emitter, 'x'));
  }),
  program('events.once and an error', 'the promise is rejected', ['Error:Error'], async (log) => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit('error', new Error('no')), 1);
    await once(emitter, 'x').catch((error: unknown) => log(told(error)));
  }),
  program(
    'events.once that is aborted',
    'the promise is rejected',
    ['AbortError:AbortError:ABORT_ERR'],
    async (log) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 1);
      await once(new EventEmitter(), 'x', { signal: controller.signal }).catch((error: unknown) => log(told(error)));
    },
  ),
  program('an event target', SYNC, ['a b after'], (log) => {
    const target = new EventTarget();
    for (const each of ['a', 'b']) target.addEventListener('x', () => log(each));
    target.dispatchEvent(new Event('x'));
    log('after');
  }),
  program('a listener added twice to an event target', 'it is there once', ['a'], (log) => {
    const target = new EventTarget();
    const a = (): void => log('a');
    target.addEventListener('x', a);
    target.addEventListener('x', a);
    target.dispatchEvent(new Event('x'));
  }),
  program('a listener with once, and one with a signal', 'each is taken off', ['once signal'], (log) => {
    const target = new EventTarget();
    const controller = new AbortController();
    target.addEventListener('x', () => log('once'), { once: true });
    target.addEventListener('x', () => log('signal'), { signal: controller.signal });
    target.dispatchEvent(new Event('x'));
    controller.abort();
    target.dispatchEvent(new Event('x'));
  }),
  program('an event that is stopped', 'no further listener is called', ['a'], (log) => {
    const target = new EventTarget();
    target.addEventListener('x', (event) => {
      log('a');
      event.stopImmediatePropagation();
    });
    target.addEventListener('x', () => log('b'));
    target.dispatchEvent(new Event('x'));
  }),
  program('an event that is prevented', 'dispatch tells', ['false true'], (log) => {
    const target = new EventTarget();
    target.addEventListener('x', (event) => event.preventDefault());
    log(target.dispatchEvent(new Event('x', { cancelable: true })));
    log(target.dispatchEvent(new Event('x')));
  }),
];
