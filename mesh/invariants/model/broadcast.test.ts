import { describe, expect, it } from 'vitest';
import { Broadcasts, Registry } from './broadcast.ts';

function setup(timeoutMs = 100) {
  const broadcasts = new Broadcasts(0, timeoutMs);
  broadcasts.registry.register('a', 1, true);
  broadcasts.registry.register('b', 2, false);
  broadcasts.registry.register('c', 3, true);
  const flight = broadcasts.sending('op', 50);
  flight.sent.push({ backend: 'a', endpoint: 1, answer: null, died: false });
  flight.sent.push({ backend: 'c', endpoint: 3, answer: null, died: false });
  const state = () => flight.sent.map(({ answer, died }) => (died ? 'died' : answer));
  return { broadcasts, flight, state };
}

describe('the registry', () => {
  it('replaces in place, with another endpoint and as live as it is registered', () => {
    const registry = new Registry();
    registry.register('a', 1, true);
    registry.register('b', 2, true);
    registry.register('a', 3, false);
    expect(registry.backends).toEqual([
      { name: 'a', endpoint: 3, live: false },
      { name: 'b', endpoint: 2, live: true },
    ]);
    expect(registry.find('b')?.endpoint).toBe(2);
    expect(registry.find('c')).toBeUndefined();
  });
});

describe('a broadcast under way', () => {
  it('takes its membership when it begins, and keeps it whatever is registered later', () => {
    const { broadcasts, flight } = setup();
    broadcasts.registry.register('d', 4, true);
    broadcasts.registry.register('a', 5, false);
    expect(broadcasts.sending('op', 60)).toBe(flight);
    expect(flight.live.map(({ name, endpoint }) => `${name}${endpoint}`)).toEqual(['a1', 'c3']);
    expect(flight.dead).toEqual(['b']);
    expect([flight.op, flight.sentAtMs, flight.deadlineMs]).toEqual(['op', 50, 150]);
  });

  it('counts an answer that arrives up to the deadline, the first one only', () => {
    const { broadcasts, state } = setup();
    broadcasts.answered('op', 1, 'ack', 150);
    broadcasts.answered('op', 1, 'too late to change', 150);
    broadcasts.answered('op', 3, 'ack', 151);
    expect(state()).toEqual(['ack', null]);
  });

  it('counts no answer to another broadcast, nor of another endpoint', () => {
    const { broadcasts, state } = setup();
    broadcasts.answered('earlier', 1, 'ack', 60);
    broadcasts.answered('op', 2, 'ack', 60);
    expect(state()).toEqual([null, null]);
    new Broadcasts(0, 5).answered('op', 1, 'ack', 0);
  });

  it('gives up an endpoint that is set dead before its answer, even if it lives again', () => {
    const { broadcasts, state } = setup();
    broadcasts.setLive('a', false);
    broadcasts.setLive('a', true);
    broadcasts.answered('op', 1, 'ack', 60);
    broadcasts.answered('op', 3, 'ack', 60);
    broadcasts.setLive('c', false);
    expect(state()).toEqual(['died', 'ack']);
    expect(broadcasts.registry.find('a')?.live).toBe(true);
    expect(broadcasts.registry.find('c')?.live).toBe(false);
  });

  it('leaves those alone that live, that are unknown, or that were replaced', () => {
    const { broadcasts, state } = setup();
    broadcasts.setLive('a', true);
    broadcasts.setLive('nobody', false);
    broadcasts.registry.register('c', 9, true);
    broadcasts.setLive('c', false);
    expect(state()).toEqual([null, null]);
  });
});

describe('the broadcasts of a node', () => {
  it('have at least a millisecond of time', () => {
    expect(new Broadcasts(0, 0).timeoutMs).toBe(1);
    expect(new Broadcasts(0, 1).timeoutMs).toBe(1);
    expect(new Broadcasts(0, 7).timeoutMs).toBe(7);
  });

  it('end one after another, each with what was known of it', () => {
    const { broadcasts, flight, state } = setup();
    broadcasts.asked.push('op', 'next');
    broadcasts.resulted('unknown');
    expect(broadcasts.asked).toEqual(['op', 'next']);
    expect(broadcasts.last).toBe(flight);
    expect(broadcasts.inFlight).toBeNull();
    broadcasts.resulted('op');
    expect(broadcasts.asked).toEqual(['next']);
    const next = broadcasts.sending('next', 200);
    expect(next).not.toBe(flight);
    expect([next.op, next.sentAtMs]).toEqual(['next', 200]);
    expect(state()).toEqual([null, null]);
  });

  it('have a broadcast of another name begin anew', () => {
    const { broadcasts, flight } = setup();
    expect(broadcasts.sending('other', 70)).not.toBe(flight);
    expect(broadcasts.inFlight?.op).toBe('other');
  });

  it('let an endpoint die in the last one as well as in the one under way', () => {
    const { broadcasts, state } = setup();
    broadcasts.resulted('op');
    broadcasts.setLive('a', false);
    expect(state()).toEqual(['died', null]);
  });
});
