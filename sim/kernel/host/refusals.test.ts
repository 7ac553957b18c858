import { spawn, spawnSync } from 'node:child_process';
import crypto, { generateKeyPairSync } from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import inspector from 'node:inspector';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import perfHooks from 'node:perf_hooks';
import readline from 'node:readline';
import stream from 'node:stream';
import tls from 'node:tls';
import v8 from 'node:v8';
import vm from 'node:vm';
import { MessageChannel as ImportedChannel, Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { PlainChooser } from '../choices/chooser.ts';
import { Kernel, type KernelOptions, type RunEnd } from '../kernel.ts';
import { restoreGuards } from './guards.ts';
import { HOST_MODULES, PURE_MODULES } from './host-table.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const connectEarly = net.connect;
const deflateEarly = zlib.deflate;
const runEarly = vm.runInNewContext;
const { port1, port2 } = new MessageChannel();
const socket = dgram.createSocket('udp4');

afterAll(() => {
  port1.close();
  port2.close();
  socket.close();
  restoreGuards();
});

async function endOf(body: () => unknown, ambient: KernelOptions['ambient']): Promise<RunEnd> {
  const kernel = new Kernel({ chooser: new PlainChooser(), ambient });
  kernel.root.spawn('reacher', async () => {
    await kernel.root.sleep(1);
    body();
  });
  return kernel.run();
}

const refused: readonly (readonly [string, () => unknown])[] = [
  ['fs.readFileSync', () => fs.readFileSync('/etc/hostname')],
  ['fs.readFile', () => fs.readFile('/etc/hostname', () => {})],
  ['fs.writeFileSync', () => fs.writeFileSync('/nowhere/at/all', '')],
  ['fs.existsSync', () => fs.existsSync('/')],
  ['fs.watch', () => fs.watch('/')],
  ['fs.createReadStream', () => fs.createReadStream('/etc/hostname')],
  ['new fs.WriteStream', () => Reflect.construct(fs.WriteStream, ['/nowhere/at/all'])],
  ['fs/promises.readFile', () => fsPromises.readFile('/etc/hostname')],
  ['fs/promises.open', () => fs.promises.open('/etc/hostname')],
  ['net.connect', () => net.connect(1)],
  ['net.Socket.connect', () => new net.Socket().connect(1)],
  ['net.Socket.connect', () => connectEarly(1)],
  ['net.Server.listen', () => net.createServer().listen(0)],
  ['net.Server.listen', () => http.createServer().listen(0)],
  ['http.request', () => http.request('http://127.0.0.1:1')],
  ['https.get', () => https.get('https://127.0.0.1:1')],
  ['http2.connect', () => http2.connect('http://127.0.0.1:1')],
  ['tls.connect', () => tls.connect(1)],
  [
    'http.OutgoingMessage._storeHeader',
    () => new http.ServerResponse(new http.IncomingMessage(new net.Socket())).end(),
  ],
  ['fetch', () => fetch('http://127.0.0.1:1')],
  ['dgram.Socket.send', () => socket.send('x', 1)],
  ['dgram.Socket.bind', () => socket.bind(0)],
  ['dns.lookup', () => dns.lookup('localhost', () => {})],
  ['dns/promises.lookup', () => dns.promises.lookup('localhost')],
  ['dns.Resolver.resolve4', () => new dns.Resolver().resolve4('localhost', () => {})],
  ['child_process.spawn', () => spawn('true')],
  ['child_process.spawnSync', () => spawnSync('true')],
  ['new worker_threads.Worker', () => new Worker('', { eval: true })],
  ['new worker_threads.MessageChannel', () => new ImportedChannel()],
  ['new worker_threads.MessageChannel', () => new MessageChannel()],
  ['new worker_threads.BroadcastChannel', () => new BroadcastChannel('x')],
  ['MessagePort.postMessage', () => port1.postMessage('x')],
  ['zlib.deflate', () => zlib.deflate('x', () => {})],
  ['zlib.Gzip._transform', () => deflateEarly('x', () => {})],
  ['zlib.createGzip', () => zlib.createGzip()],
  ['new CompressionStream', () => new CompressionStream('gzip')],
  ['crypto.subtle.digest', () => crypto.subtle.digest('SHA-256', new Uint8Array(1))],
  ['crypto.pbkdf2', () => crypto.pbkdf2('a', 'b', 1, 8, 'sha256', () => {})],
  ['crypto.scrypt', () => crypto.scrypt('a', 'b', 8, () => {})],
  ['crypto.generateKeyPairSync', () => crypto.generateKeyPairSync('ed25519')],
  ['crypto.sign', () => crypto.sign('sha256', Buffer.from('x'), rsa.privateKey, () => {})],
  ['crypto.sign', () => crypto.sign('sha256', Buffer.from('x'), ec.privateKey)],
  ['crypto.Sign.sign', () => crypto.createSign('sha256').update('x').sign(ec.privateKey)],
  ['crypto.ECDH.generateKeys', () => crypto.createECDH('secp256k1').generateKeys()],
  ['os.hostname', () => os.hostname()],
  ['os.freemem', () => os.freemem()],
  ['process.memoryUsage', () => process.memoryUsage()],
  ['process.memoryUsage.rss', () => process.memoryUsage.rss()],
  ['process.cpuUsage', () => process.cpuUsage()],
  ['process.kill', () => process.kill(process.pid, 0)],
  ['process.chdir', () => process.chdir('.')],
  ['process.stdin', () => process.stdin],
  ['process.stdin', () => readline.createInterface({ input: process.stdin })],
  ['v8.getHeapStatistics', () => v8.getHeapStatistics()],
  ['stream.setDefaultHighWaterMark', () => stream.setDefaultHighWaterMark(false, 1)],
  ['vm.createContext', () => vm.createContext()],
  ['vm.Script.runInNewContext', () => runEarly('Date.now()')],
  ['vm.Script.runInNewContext', () => new vm.Script('Date.now()').runInNewContext()],
  ['perf_hooks.monitorEventLoopDelay', () => perfHooks.monitorEventLoopDelay()],
  ['new perf_hooks.PerformanceObserver', () => new PerformanceObserver(() => {})],
  ['performance.mark', () => performance.mark('x')],
  ['performance.timeOrigin', () => performance.timeOrigin],
  ['performance.eventLoopUtilization', () => performance.eventLoopUtilization()],
  ['inspector.Session.connect', () => new inspector.Session().connect()],
  ['Event.timeStamp', () => new Event('x').timeStamp],
  ['new File', () => new File([], 'x')],
  ['Atomics.wait', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)],
  ['WebAssembly.compile', () => Reflect.apply(Reflect.get(wasm(), 'compile'), undefined, [new Uint8Array(8)])],
  [
    'timers.active',
    () => Reflect.apply(Reflect.get(process.getBuiltinModule('node:timers'), 'active'), undefined, [{}]),
  ],
  [
    'WebSocket',
    () =>
      Reflect.has(globalThis, 'WebSocket') &&
      Reflect.construct(Reflect.get(globalThis, 'WebSocket'), ['ws://127.0.0.1:1']),
  ],
];

function wasm(): object {
  const found: unknown = Reflect.get(globalThis, 'WebAssembly');
  if (typeof found !== 'object' || found === null) throw new Error('no WebAssembly');
  return found;
}

/** What this version of Node has. */
const here = refused.filter(([what]) => {
  if (what === 'WebSocket') return Reflect.has(globalThis, 'WebSocket');
  return what !== 'timers.active' || Reflect.has(process.getBuiltinModule('node:timers'), 'active');
});

/** What they are called in a finding, where versions of Node differ. */
const NAMES: Readonly<Record<string, unknown>> = {
  WebSocket: 'new WebSocket',
  'performance.eventLoopUtilization': expect.stringMatching(/^(?:performance|perf_hooks)\.eventLoopUtilization$/),
};

describe.each(['forbidden', 'virtual'] as const)('a run whose host is %s', (ambient) => {
  test.each(here)('ends when it reaches %s, naming the call site', async (what, reach) => {
    const end = await endOf(reach, ambient);
    expect(end).toMatchObject({ kind: 'nondeterminism', what: NAMES[what] ?? what });
    expect(end.kind === 'nondeterminism' && end.callSite).toMatch(/sim\/kernel\/host\/refusals\.test\.ts:\d+:\d+$/);
    if (ambient === 'virtual') expect(end).toMatchObject({ advice: expect.stringContaining('not simulated') });
  });

  test('has what is a function of its arguments', async () => {
    const seen: unknown[] = [];
    const end = await endOf(() => {
      seen.push(
        zlib.inflateSync(zlib.deflateSync('x')).toString(),
        structuredClone({ a: 1 }),
        crypto.verify(
          'sha256',
          Buffer.from('x'),
          rsa.publicKey,
          crypto.sign('sha256', Buffer.from('x'), rsa.privateKey),
        ),
        crypto.pbkdf2Sync('a', 'b', 1, 4, 'sha256').length,
        os.EOL,
        typeof process.env.PATH,
        net.isIP('127.0.0.1'),
        vm.runInThisContext('1 + 1'),
        new File(['x'], 'x', { lastModified: 5 }).lastModified,
        new Event('x').type,
      );
    }, ambient);
    expect(end).toEqual({ kind: 'idle' });
    expect(seen).toEqual(['x', { a: 1 }, true, 4, '\n', 'string', 4, 2, 5, 'x']);
  });

  test('may load a module late: what Node reads for that is no answer to it', async () => {
    const require = createRequire(import.meta.url);
    let loaded: unknown;
    const end = await endOf(() => {
      loaded = require('picocolors');
    }, ambient);
    expect(end).toEqual({ kind: 'idle' });
    expect(loaded).toHaveProperty('red');
  });
});

/** The functions of every module of a version of Node, read in a process of its own: some modules change theirs. */
function functionsOf(node: string): Readonly<Record<string, readonly string[]>> {
  const code = `
    const found = {};
    const ids = [...require('node:module').builtinModules, 'test', 'sea', 'sqlite', 'test/reporters'];
    for (const id of new Set(ids.map((name) => name.replace('node:', '')))) {
      if (/^_|^internal|[/]_|deps[/]/.test(id)) continue;
      const exported = process.getBuiltinModule('node:' + id);
      const all = Object.entries(Object.getOwnPropertyDescriptors(exported ?? {}));
      found[id] = all.filter(([, { value }]) => typeof value === 'function').map(([name]) => name);
    }
    console.log(JSON.stringify(found));`;
  const { stdout } = spawnSync(node, ['--no-warnings', '-e', code], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

test('the table knows every module and every function of this version of Node', () => {
  const unknown = Object.entries(functionsOf(process.execPath)).flatMap(([module, functions]) => {
    if (PURE_MODULES.has(module)) return [];
    const treatments = HOST_MODULES[module];
    if (treatments === undefined) return [module];
    const names = new Set(Object.values(treatments).flatMap((text) => text.trim().split(/\s+/)));
    return functions.filter((name) => !names.has(name)).map((name) => `${module}.${name}`);
  });
  expect(unknown).toEqual([]);
});

test('every name stands in one place of the table', () => {
  const twice = Object.entries(HOST_MODULES).flatMap(([module, treatments]) => {
    const names = Object.values(treatments).flatMap((text) => text.trim().split(/\s+/));
    return names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${module}.${name}`);
  });
  expect(twice).toEqual([]);
});
