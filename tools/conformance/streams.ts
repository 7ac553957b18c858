/** Streams: of Node and of the web. */
import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { type Log, type Program, program, told } from './program.ts';

const ORDER = 'chunks keep their order';
const END = 'it ends once, with the first error or after the last chunk';

/** Takes a while for each chunk. */
function slowly(log: Log, highWaterMark = 1): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark,
    write(chunk, _encoding, done) {
      log(chunk);
      setTimeout(done, 1);
    },
  });
}

export const STREAMS: readonly Program[] = [
  program('a readable of a list', ORDER, ['1 2 3 end'], (log) => {
    const readable = Readable.from([1, 2, 3]);
    readable.on('data', log);
    readable.on('end', () => log('end'));
  }),
  program('for await of a readable', ORDER, ['1 2 3 end'], async (log) => {
    for await (const each of Readable.from([1, 2, 3])) log(each);
    log('end');
  }),
  program('a readable of an async generator', ORDER, ['a b end'], async (log) => {
    async function* source(): AsyncGenerator<string> {
      yield 'a';
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield 'b';
    }
    for await (const each of Readable.from(source())) log(each);
    log('end');
  }),
  program('a pipeline through a transform', ORDER, ['2 4 6 end'], async (log) => {
    const doubles = new Transform({ objectMode: true, transform: (n: number, _encoding, done) => done(null, 2 * n) });
    await pipeline(Readable.from([1, 2, 3]), doubles, slowly(log));
    log('end');
  }),
  program('a pipeline of generators', ORDER, ['2 4 end'], async (log) => {
    await pipeline(
      async function* () {
        yield 1;
        yield 2;
      },
      async function* (source: AsyncIterable<number>) {
        for await (const n of source) yield 2 * n;
      },
      async (source: AsyncIterable<number>) => {
        for await (const n of source) log(n);
      },
    );
    log('end');
  }),
  program('an error in a pipeline', END, ['1 Error:Error true'], async (log) => {
    const readable = Readable.from([1, 2]);
    const sink = new Writable({
      objectMode: true,
      write(chunk, _encoding, done) {
        log(chunk);
        setTimeout(done, 1, new Error('no'));
      },
    });
    await pipeline(readable, sink).catch((error: unknown) => log(told(error)));
    log(readable.destroyed);
  }),
  program('a pipeline that is aborted', END, ['AbortError:AbortError:ABORT_ERR'], async (log) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const never = new Readable({ read() {} });
    await pipeline(never, new PassThrough(), { signal: controller.signal }).catch((error: unknown) => log(told(error)));
  }),
  program('a full writable says so and drains', 'write tells whether there is room', ['a false drain'], (log) => {
    const sink = slowly(log);
    const room = sink.write('a');
    sink.once('drain', () => log('drain'));
    log(room);
  }),
  program('finish and close', END, ['a finish close'], (log) => {
    const sink = slowly(log);
    sink.on('finish', () => log('finish'));
    sink.on('close', () => log('close'));
    sink.end('a');
  }),
  program('destroy with an error', END, ['Error:Error close'], (log) => {
    const readable = new Readable({ read() {} });
    readable.on('error', (error) => log(told(error)));
    readable.on('close', () => log('close'));
    readable.destroy(new Error('no'));
  }),
  program('destroy twice', END, ['close'], (log) => {
    const readable = new Readable({ read() {} });
    readable.on('close', () => log('close'));
    readable.destroy();
    readable.destroy();
  }),
  program('writing after the end', END, ['Error:Error:ERR_STREAM_WRITE_AFTER_END'], (log) => {
    const sink = new PassThrough();
    sink.on('error', (error) => log(told(error).replace(/^NodeError:/, 'Error:')));
    sink.end();
    sink.write('late');
  }),
  program('finished tells of the end', END, ['a over'], async (log) => {
    const sink = slowly(log);
    sink.end('a');
    await finished(sink);
    log('over');
  }),
  program(
    'finished of a stream that is destroyed early',
    END,
    ['Error:Error:ERR_STREAM_PREMATURE_CLOSE'],
    async (log) => {
      const readable = new Readable({ read() {} });
      setTimeout(() => readable.destroy(), 1);
      await finished(readable).catch((error: unknown) => log(told(error).replace(/^NodeError:/, 'Error:')));
    },
  ),
  program('data comes in a later tick', 'a stream begins to flow in a tick', ['sync a'], (log) => {
    Readable.from(['a']).on('data', log);
    log('sync');
  }),
  program('a stream that is paused', ORDER, ['a pause b'], (log) => {
    const readable = Readable.from(['a', 'b']);
    readable.on('data', (each) => {
      log(each);
      if (each !== 'a') return;
      readable.pause();
      setTimeout(() => {
        log('pause');
        readable.resume();
      }, 1);
    });
  }),
  program('corked writes', ORDER, ['ab'], (log) => {
    const sink = new Writable({
      writev(chunks, done) {
        log(chunks.map(({ chunk }) => String(chunk)).join(''));
        done();
      },
    });
    sink.cork();
    sink.write('a');
    sink.write('b');
    process.nextTick(() => sink.uncork());
  }),
  program('map and filter of a readable', ORDER, ['4 6'], async (log) => {
    const mapped = Readable.from([1, 2, 3])
      .map((n: number) => 2 * n)
      .filter((n: number) => n > 2);
    for await (const n of mapped) log(n);
  }),
  program('a readable stream of the web', ORDER, ['a b'], async (log) => {
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue('a');
        controller.enqueue('b');
        controller.close();
      },
    });
    for await (const each of stream) log(each);
  }),
  program('a transform stream of the web', ORDER, ['A B'], async (log) => {
    const source = new ReadableStream<string>({
      start(controller) {
        for (const each of ['a', 'b']) controller.enqueue(each);
        controller.close();
      },
    });
    const upper = new TransformStream<string, string>({
      transform: (each, controller) => controller.enqueue(each.toUpperCase()),
    });
    for await (const each of source.pipeThrough(upper)) log(each);
  }),
  program('a reader that is cancelled', END, ['a why undefined'], async (log) => {
    const stream = new ReadableStream<string>({ pull: (controller) => controller.enqueue('a'), cancel: log });
    const reader = stream.getReader();
    log((await reader.read()).value);
    await reader.cancel('why');
    log((await reader.read()).value);
  }),
];
