/**
 * A small scenario to start from: two nodes, a few operations, one fault at a time and one at an event, and one mark as
 * witness.
 */
import type { Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

export const MESH_EXAMPLE: Scenario<MeshConfig, MeshOperation, MeshFault> = {
  format: 1,
  name: 'example',
  why: 'A dispatch that asks for a retry is tried again, and the second pull waits for the first.',
  world: 'mesh',
  semantics: 'strict',
  seed: 1n,
  config: {
    nodes: 2,
    codecs: ['msgpack', 'postcard'],
    inboxCapacity: 64,
    queueCapacity: 64,
    pullCooldownMs: 250,
    drainRatePerSec: 10,
    stabilizationMs: 1000,
    backpressureOn: 20,
    backpressureOff: 5,
    maxDefers: 16,
    recentFailures: 256,
    logRing: 64,
    auditRing: 64,
    failureChain: 64,
    logChain: 64,
    auditChain: 64,
    dispatch: { minMs: 1, maxMs: 10 },
    network: { minMs: 1, maxMs: 20 },
    sync: { minMs: 0, maxMs: 5 },
    syncEveryMs: 50,
    reRequestMs: 200,
    broadcastTimeoutMs: 500,
    answer: { minMs: 1, maxMs: 20 },
    backends: 2,
    epochMs: 1_700_000_000_000,
  },
  workload: [
    { key: 'k1', at: 0, kind: 'submit', node: 1, action: { kind: 'pull_replica', chain: 7n, source: 2n } },
    { key: 'k2', at: 10, kind: 'submit', node: 1, action: { kind: 'pull_replica', chain: 8n, source: 2n } },
    { key: 'k3', at: 20, kind: 'log', node: 2, level: 'info', daemonId: null, message: 'a line for the log chain' },
    { key: 'k4', at: 30, kind: 'broadcast', node: 2, operation: { kind: 'release_handles', pathPrefix: '/var/lib' } },
  ],
  faults: [
    {
      key: 'f1',
      at: 0,
      kind: 'dispatch-retry',
      forMs: 2000,
      target: { op: 'k1', attempt: 1, times: 1 },
      reason: 'peer is busy',
      hintMs: 100,
    },
    {
      key: 'f2',
      at: { event: 'broadcast-result', where: { op: 'k4' }, nth: 1 },
      kind: 'node-crash',
      node: 2,
      forMs: 150,
    },
  ],
  expect: { holds: true },
  witness: ['dispatch.ok-after-retry'],
};
