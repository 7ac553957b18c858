import { describe, expect, it } from 'vitest';
import { type BackendKey, deadBackend, liveBackend } from './backend.ts';
import { LifecycleBroadcastModel } from './model.ts';
import { quiesce } from './operation.ts';

const key: BackendKey = { instance: { kind: 'shared' }, serviceName: 'a', serviceVersion: '1' };

describe('a backend of the model', () => {
  it('acks unless it is scripted to do otherwise, and has received nothing', () => {
    expect(liveBackend(key)).toEqual({ key, live: true, response: { kind: 'ack' }, received: [] });
    expect(deadBackend(key)).toEqual({ key, live: false, response: { kind: 'ack' }, received: [] });
    expect(deadBackend(key, { kind: 'timeout' }).response).toEqual({ kind: 'timeout' });
  });

  it('keeps what it had received before it was registered, and the one given in is left as it was', () => {
    const model = new LifecycleBroadcastModel();
    const given = { ...liveBackend(key), received: [quiesce('idle_timeout')] };
    model.register(given);
    model.quiesce('maintenance');
    expect(model.backend(key)?.received).toEqual([quiesce('idle_timeout'), quiesce('maintenance')]);
    expect(given.received).toEqual([quiesce('idle_timeout')]);
  });
});
