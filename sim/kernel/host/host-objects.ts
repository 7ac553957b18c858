/**
 * What answers from outside and is no function of a module: methods, properties and globals.
 *
 * A method is guarded although the functions that lead to it are guarded themselves: code may have taken those before
 * the guards were there. Every way to a socket ends at `net.Socket.connect`, for example.
 */

export interface HostObject {
  /** The module that exports it; the global object without one. */
  readonly module?: string;
  /** Where it is, as a path of names. */
  readonly path: string;
  /** What it is called in a finding, where the path does not say it. */
  readonly name?: string;
  /** Methods that end a run of either kind. */
  readonly refused?: string;
  /** Methods refused in the forms that `conditions.ts` names. */
  readonly conditional?: string;
  /** Properties that do so when they are read. */
  readonly read?: string;
  /** Node uses them itself for what is pure, such as `structuredClone`. */
  readonly nodeMay?: boolean;
}

const RESOLVES = `resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr
  resolveSoa resolveSrv resolveTlsa resolveTxt reverse`;

export const HOST_OBJECTS: readonly HostObject[] = [
  { module: 'child_process', path: 'ChildProcess.prototype', refused: 'spawn kill' },
  { module: 'net', path: 'Socket.prototype', refused: 'connect _writeGeneric' },
  { module: 'net', path: 'Server.prototype', refused: 'listen getConnections' },
  { module: 'dgram', path: 'Socket.prototype', refused: 'bind bindSync connect connectSync send sendto' },
  { module: 'dns', path: 'Resolver.prototype', refused: RESOLVES },
  { module: 'dns/promises', path: 'Resolver.prototype', refused: RESOLVES },
  // Every header has a date of the host's.
  { module: 'http', path: 'OutgoingMessage.prototype', refused: '_storeHeader' },
  { module: 'fs', path: 'Dir.prototype', refused: 'read readSync close closeSync' },
  { module: 'inspector', path: 'Session.prototype', refused: 'connect connectToMainThread post' },
  // Node makes a context for its own use: for a loop over a web stream, say.
  { module: 'vm', path: 'Script.prototype', refused: 'runInContext runInNewContext', nodeMay: true },
  // Streams that compress do so in threads.
  { module: 'zlib', path: 'Gzip.prototype', refused: '_transform' },
  { module: 'crypto', path: 'ECDH.prototype', refused: 'generateKeys' },
  { module: 'crypto', path: 'DiffieHellman.prototype', refused: 'generateKeys' },
  { module: 'crypto', path: 'DiffieHellmanGroup.prototype', refused: 'generateKeys' },
  { module: 'crypto', path: 'Sign.prototype', conditional: 'sign' },
  {
    module: 'crypto',
    path: 'webcrypto.subtle',
    name: 'crypto.subtle',
    refused: `encrypt decrypt sign verify digest generateKey deriveKey deriveBits importKey exportKey wrapKey unwrapKey
      getPublicKey encapsulateBits encapsulateKey decapsulateBits decapsulateKey`,
  },
  { module: 'async_hooks', path: 'AsyncResource.prototype', refused: 'asyncId triggerAsyncId' },
  {
    module: 'sqlite',
    path: 'DatabaseSync.prototype',
    refused: 'open prepare exec function aggregate createSession applyChangeset loadExtension serialize deserialize',
  },
  { module: 'sqlite', path: 'StatementSync.prototype', refused: 'iterate all get run columns' },
  { path: 'performance', refused: 'mark measure eventLoopUtilization timerify toJSON', read: 'timeOrigin nodeTiming' },
  { path: 'process.report', refused: 'getReport writeReport' },
  { path: 'process.memoryUsage', refused: 'rss' },
  { path: 'process', read: 'stdin' },
  { path: 'MessagePort.prototype', refused: 'postMessage', nodeMay: true },
  { path: 'Event.prototype', read: 'timeStamp', nodeMay: true },
  { path: 'Navigator.prototype', read: 'hardwareConcurrency locks', nodeMay: true },
  { path: 'Storage.prototype', refused: 'getItem setItem removeItem clear key', read: 'length' },
  { path: 'Atomics', refused: 'wait waitAsync' },
  { path: 'WebAssembly', refused: 'compile instantiate compileStreaming instantiateStreaming' },
  { path: '', refused: 'fetch' },
];

/** Global classes that reach another thread, the network or the host's clock, some only in forms that `conditions.ts` names. */
export const HOST_CLASSES: readonly string[] = [
  'BroadcastChannel',
  'CompressionStream',
  'DecompressionStream',
  'EventSource',
  'File',
  'MessageChannel',
  'PerformanceObserver',
  'WebSocket',
  'WebSocketStream',
];
