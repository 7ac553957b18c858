/** What a node is configured with, from the config of a scenario. */
import type { NodeConfig } from '../../src/node/ports.ts';
import type { MeshConfig } from '../scenario/scenario.ts';

export function nodeConfig(config: MeshConfig, node: number): NodeConfig {
  const all = config.codecs.map((_codec, index) => BigInt(index + 1));
  return {
    id: BigInt(node),
    peers: all.filter((id) => id !== BigInt(node)),
    codecs: new Map(config.codecs.map((codec, index) => [BigInt(index + 1), codec])),
    handOverEveryMs: 500,
    syncEveryMs: config.syncEveryMs,
    reRequestMs: config.reRequestMs,
    broadcastTimeoutMs: config.broadcastTimeoutMs,
    earlyEntriesMax: config.earlyEntriesMax,
    waitingBroadcastsMax: config.waitingBroadcastsMax,
    recentFailures: config.recentFailures,
    logRing: config.logRing,
    auditRing: config.auditRing,
    pullCooldownMs: config.pullCooldownMs,
    drainRatePerSec: config.drainRatePerSec,
    stabilizationMs: config.stabilizationMs,
    backpressureOn: config.backpressureOn,
    backpressureOff: config.backpressureOff,
    maxDefers: config.maxDefers,
  };
}
