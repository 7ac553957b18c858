/**
 * The end of a process one of whose threads is in a native call that does not return. `process.exit` waits for every
 * thread, so for ever for this one, and a process that kills itself has no status of its own. What a program for WASI calls
 * to end is C's own exit, which waits for no thread.
 */

const LONGEST_STATUS = 255;

/** Ends this process with the status, whatever its threads are at. Nothing that is still to be written gets out. */
export async function exitAtOnce(status: number): Promise<never> {
  try {
    // Node warns of WASI as an experiment when it is loaded.
    process.removeAllListeners('warning');
    const { WASI } = await import('node:wasi');
    const wasi = new WASI({ version: 'preview1', returnOnExit: false });
    const memory: unknown = Reflect.construct(Reflect.get(Reflect.get(globalThis, 'WebAssembly'), 'Memory'), [
      { initial: 1 },
    ]);
    wasi.initialize({ exports: { memory } });
    Reflect.apply(Reflect.get(wasi.wasiImport, 'proc_exit'), undefined, [status & LONGEST_STATUS]);
  } catch {
    // A Node without it: the status is lost, and the process ends all the same.
  }
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => {});
}
