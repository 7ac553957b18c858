import { describe, expect, it } from 'vitest';
import { type BackendKey, type BrokerInstance, deadBackend, liveBackend, sameBackendKey } from './backend.ts';
import { LifecycleBroadcastModel } from './model.ts';
import { releaseHandles } from './operation.ts';
import { broadcastPolicy } from './policy.ts';

const SHARED: BrokerInstance = { kind: 'shared' };

function keyOf(serviceName: string, serviceVersion = '1.0.0', instance = SHARED): BackendKey {
  return { instance, serviceName, serviceVersion };
}

/** A model of backends that ack, time out, fail and are dead, in two rounds. */
function mixedModel(): LifecycleBroadcastModel {
  const model = new LifecycleBroadcastModel(broadcastPolicy(20n));
  for (const round of ['1', '2']) {
    model.register(liveBackend(keyOf(`ack${round}`)));
    model.register(liveBackend(keyOf(`late${round}`), { kind: 'timeout' }));
    model.register(deadBackend(keyOf(`dead${round}`), { kind: 'timeout' }));
    model.register(liveBackend(keyOf(`fails${round}`), { kind: 'failure', reason: 'rejected' }));
  }
  return model;
}

describe('a lifecycle broadcast', () => {
  it('puts every backend in exactly one list, in order of registration', () => {
    expect(mixedModel().quiesce('maintenance')).toEqual({
      operation: { kind: 'quiesce', reason: 'maintenance' },
      acks: [keyOf('ack1'), keyOf('ack2')],
      timeouts: [
        { key: keyOf('late1'), timeoutMs: 20n },
        { key: keyOf('late2'), timeoutMs: 20n },
      ],
      failures: [
        { key: keyOf('fails1'), reason: 'rejected' },
        { key: keyOf('fails2'), reason: 'rejected' },
      ],
      skippedDead: [keyOf('dead1'), keyOf('dead2')],
      sentCount: 6,
      allLiveBackendsAcked: false,
    });
  });

  it('reaches live backends only, in the order of broadcasts', () => {
    const model = mixedModel();
    model.quiesce('idle_timeout');
    model.releaseHandlesUnderPath('/srv/data');
    const received = model.backends().map((backend) => backend.received.length);
    expect(received).toEqual([2, 2, 0, 2, 2, 2, 0, 2]);
    expect(model.backend(keyOf('ack1'))?.received).toEqual([
      { kind: 'quiesce', reason: 'idle_timeout' },
      { kind: 'release_handles', pathPrefix: '/srv/data' },
    ]);
  });

  it('counts as acked by all where nobody lives, and not where one failed or was late', () => {
    const model = new LifecycleBroadcastModel();
    expect(model.broadcast(releaseHandles('/'))).toMatchObject({ sentCount: 0, allLiveBackendsAcked: true });
    model.register(deadBackend(keyOf('a')));
    expect(model.broadcast(releaseHandles('/'))).toMatchObject({ sentCount: 0, allLiveBackendsAcked: true });
    model.register(liveBackend(keyOf('b')));
    expect(model.broadcast(releaseHandles('/'))).toMatchObject({ sentCount: 1, allLiveBackendsAcked: true });
    model.register(liveBackend(keyOf('c'), { kind: 'failure', reason: 'unsupported_operation' }));
    expect(model.broadcast(releaseHandles('/'))).toMatchObject({ sentCount: 2, allLiveBackendsAcked: false });
  });
});

describe('registering a backend', () => {
  it('puts it in the place of one with the same key and gives that one back', () => {
    const model = new LifecycleBroadcastModel();
    expect(model.register(liveBackend(keyOf('a')))).toBeNull();
    expect(model.register(liveBackend(keyOf('b')))).toBeNull();
    model.quiesce('broker_shutdown');
    const replaced = model.register(deadBackend(keyOf('a')));
    expect(replaced).toMatchObject({ live: true, received: [{ kind: 'quiesce', reason: 'broker_shutdown' }] });
    expect(model.backends().map(({ key }) => key.serviceName)).toEqual(['a', 'b']);
    expect(model.backend(keyOf('a'))).toMatchObject({ live: false, received: [] });
    expect(model.quiesce('maintenance').skippedDead).toEqual([keyOf('a')]);
  });

  it('leaves the backend it was given alone', () => {
    const model = new LifecycleBroadcastModel();
    const given = liveBackend(keyOf('a'));
    model.register(given);
    model.quiesce('maintenance');
    expect(given.received).toEqual([]);
    expect(model.backend(keyOf('a'))?.received).toHaveLength(1);
  });

  it('finds no backend under a key that was never registered', () => {
    expect(mixedModel().backend(keyOf('other'))).toBeNull();
  });
});

describe('a backend’s key', () => {
  const keys = [
    keyOf('a'),
    keyOf('a', '2.0.0'),
    keyOf('b'),
    keyOf('A'),
    keyOf('a', '1.0.0', { kind: 'private', serviceName: 'a' }),
    keyOf('a', '1.0.0', { kind: 'private', serviceName: 'A' }),
    keyOf('a', '1.0.0', { kind: 'private', serviceName: 'b' }),
    keyOf('a', '1.0.0', { kind: 'explicit', name: 'a' }),
    keyOf('a', '1.0.0', { kind: 'explicit', name: 'b' }),
    keyOf('a', '1.0.0', { kind: 'explicit', name: 'B' }),
  ];

  it('names another backend as soon as one field differs', () => {
    for (const [i, one] of keys.entries()) {
      for (const [j, other] of keys.entries()) expect(sameBackendKey(one, structuredClone(other))).toBe(i === j);
    }
  });
});

describe('the policy of broadcasts', () => {
  it('waits 5 s unless told otherwise, and never 0 ms', () => {
    expect(broadcastPolicy().ackTimeoutMs).toBe(5000n);
    expect(broadcastPolicy(0n).ackTimeoutMs).toBe(1n);
    expect(broadcastPolicy(1n).ackTimeoutMs).toBe(1n);
    expect(new LifecycleBroadcastModel().policy).toEqual(broadcastPolicy());
  });
});
