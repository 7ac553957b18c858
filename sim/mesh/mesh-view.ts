/** The invariants' view of the running mesh: reads the state of the code under test, and nothing else. */
import type { FailureRecord } from '../../src/chain/records.ts';
import { MeshOsSnapshotFold } from '../../src/chain/fold.ts';
import { MeshOsSnapshot } from '../../src/chain/snapshot.ts';
import { bodyCodec, describeDecodeError, RecordDecoder, RecordEncoder } from '../../src/chain/wire.ts';
import type { CodecName } from '../../src/chain/wire-codec.ts';
import type { Scenario } from '../world.ts';
import type { Incarnation } from './incarnation.ts';
import type { NodeProcess } from './node-process.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from './scenario.ts';
import type { ChainView, MeshView, NodeView } from './view.ts';

export function meshView(
  scenario: Scenario<MeshConfig, MeshOperation, MeshFault>,
  semantics: MeshSemantics,
  processes: readonly NodeProcess[],
): MeshView {
  const { config } = scenario;
  const views = new Map<Incarnation, NodeView>();
  const encoders = new Map<string, RecordEncoder>();
  const decoders = new Map<string, RecordDecoder>();
  const decoder = (codec: CodecName, version: number) =>
    memo(decoders, `${codec}/${version}`, () => new RecordDecoder(bodyCodec(codec), version));
  return {
    config,
    semantics,
    workload: new Map(scenario.workload.map((operation) => [operation.key, operation])),
    faults: new Map(scenario.faults.map((fault) => [fault.key, fault])),
    node(node) {
      const process = processes[node - 1];
      if (process === undefined) throw new RangeError(`there is no node ${node}`);
      return memo(views, process.current, () => nodeView(process.current));
    },
    encode(codec, version, record) {
      const encoder = memo(encoders, `${codec}/${version}`, () => new RecordEncoder(bodyCodec(codec), version));
      const result = encoder.encode(record);
      return result.ok ? result.value : null;
    },
    decode(codec, version, bytes) {
      const result = decoder(codec, version).decode(bytes);
      if (result.ok) return { ok: true, record: result.value };
      return { ok: false, error: result.error.kind, message: describeDecodeError(result.error) };
    },
    fold(codec, entries) {
      const state = new MeshOsSnapshot(config.recentFailures);
      for (const { payload, version } of entries) {
        new MeshOsSnapshotFold(decoder(codec, version)).apply(payload, state);
      }
      return state.recentFailures.toArray() satisfies readonly FailureRecord[];
    },
  };
}

function nodeView(incarnation: Incarnation): NodeView {
  const { mesh } = incarnation;
  const chains = new Map<number, ChainView>();
  return {
    get up() {
      return incarnation.up;
    },
    inc: incarnation.inc,
    get stats() {
      return mesh.executor.stats;
    },
    get queueLength() {
      return incarnation.queueLength;
    },
    get deferred() {
      return mesh.executor.deferredCount;
    },
    get backpressure() {
      return mesh.admission.asserted;
    },
    recentFailures: mesh.executor.recentFailures,
    logRing: mesh.logRing,
    auditRing: mesh.auditRing,
    failureChain: incarnation.failureChain.ring,
    logChain: incarnation.logChain.ring,
    auditChain: incarnation.auditChain.ring,
    get droppedQueueFull() {
      return mesh.loop.droppedQueueFull;
    },
    get refusedQueueClosed() {
      return mesh.loop.refusedQueueClosed;
    },
    chain: (chain) => memo(chains, chain, () => chainView(incarnation, chain)),
    backends: () =>
      mesh.broadcaster.backends().map(({ key, live }) => ({ backend: key.serviceName, live })),
  };
}

function chainView(incarnation: Incarnation, number: number): ChainView {
  const chain = incarnation.mesh.chain(BigInt(number));
  return {
    folded: chain.snapshot.recentFailures,
    get rejectedVersion() {
      return chain.rejectedVersion;
    },
    get rejectedDamaged() {
      return chain.rejectedDamaged;
    },
    bytes: () => chain.log.bytes(),
    payloads: () => chain.log.payloads(),
  };
}

function memo<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
