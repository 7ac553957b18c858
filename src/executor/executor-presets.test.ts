/** Every row of the table of presets: what `strict` does, and what net-mesh 0.21.0 does instead. */
import { describe, expect, it } from 'vitest';
import type { MeshOsAction } from '../action/action.ts';
import { BackpressureState } from './admission.ts';
import { DEFAULT_EXECUTOR_CONFIG } from './config.ts';
import { ExecutorRig, failsWith, type RigOptions } from './executor-rig.testing.ts';
import { netMesh021, strict } from './semantics.ts';

const heat: MeshOsAction = { kind: 'reduce_heat', blob: 1n, by: 1 };
const start: MeshOsAction = { kind: 'start_daemon', daemon: { id: 1n, name: 'a' } };

const panicsInCall = {
  gives: () => {
    throw new Error('planted in the call');
  },
};

async function ran(options: RigOptions, actions: readonly MeshOsAction[], untilMs = 0): Promise<ExecutorRig> {
  const rig = new ExecutorRig(options);
  await rig.runAll(actions, untilMs);
  return rig;
}

describe('the presets', () => {
  it('differ in every row of the table', () => {
    expect(strict).toEqual({
      name: 'strict',
      retriedAttempts: 'ring-and-chain',
      ringWording: 'as-folded',
      wallReads: 'one',
      deferredAtClose: 'failed',
      equalDeadlines: 'first-set-first',
      thrownInCall: 'counted',
      backpressureRelease: 'after-each-action',
      flappingMarks: 'refused',
    });
    expect(netMesh021).toEqual({
      name: 'netMesh021',
      retriedAttempts: 'chain-only',
      ringWording: 'upstream',
      wallReads: 'one-each',
      deferredAtClose: 'lost',
      equalDeadlines: 'as-std-binary-heap',
      thrownInCall: 'ends-executor',
      backpressureRelease: 'on-idle-tick',
      flappingMarks: 'accepted',
    });
  });
});

describe('a retried attempt', () => {
  const script = [failsWith('busy', 10n), failsWith('down')];

  it('stands on ring and chain under strict, written down between re-evaluation and requeueing', async () => {
    const rig = await ran({ config: { backpressureOn: 1, backpressureOff: 0 }, script }, [heat], 50);
    expect(rig.effects).toEqual([
      '0 asserted',
      '0 dispatch 1',
      '0 released',
      '0 failure 1 (ring 0)',
      '0 chain 1 failed',
      '0 asserted',
      '10 dispatch 1',
      '10 released',
      '10 failure 2 (ring 1)',
      '10 chain 1 failed',
    ]);
    expect(rig.ring()).toEqual([
      '1 action-id:1:reduce_heat: busy @1000000',
      '2 action-id:1:reduce_heat: down @1000010',
    ]);
  });

  it('stands on the chain only under netMesh021', async () => {
    const rig = await ran({ semantics: netMesh021, script }, [heat], 50);
    expect(rig.effects).toEqual([
      '0 dispatch 1',
      '0 chain 1 failed',
      '10 dispatch 1',
      '10 failure 1 (ring 0)',
      '10 chain 1 failed',
    ]);
    expect(rig.ring()).toEqual(['1 action-id:1: down @1000010']);
  });
});

describe('wording on the ring', () => {
  const gatedRing = async (options: RigOptions): Promise<string[]> => {
    const rig = new ExecutorRig(options);
    rig.admission.gateDaemon({ id: 1n, name: 'a' }, 5000);
    await rig.runAll([start]);
    return rig.ring();
  };

  it('is the fold’s under strict', async () => {
    expect(await gatedRing({ semantics: strict })).toEqual([
      '1 action-id:1:start_daemon: gated (daemon-backoff); cooldown 5000 ms @1000000',
    ]);
  });

  it('has no kind and a wording of its own under netMesh021', async () => {
    expect(await gatedRing({ semantics: netMesh021 })).toEqual([
      '1 action-id:1: gated (daemon-backoff) for 5000 ms @1000000',
    ]);
  });
});

describe('the wall clock', () => {
  const readings = async (options: RigOptions): Promise<(bigint | undefined)[]> => {
    const rig = new ExecutorRig({ ...options, script: [failsWith('busy', 10n), failsWith('down')] });
    rig.runtime.wallStepMs = 1;
    await rig.runAll([heat], 50);
    const onRing = rig.executor.recentFailures.toArray().map((record) => record.recordedAtMs - 1_000_000n);
    return [...onRing, ...rig.actionChain.map((record) => record.emittedAtMs - 1_000_000n)];
  };

  it('is read once for ring and chain under strict', async () => {
    expect(await readings({ semantics: strict })).toEqual([0n, 11n, 0n, 11n]);
  });

  it('is read for each under netMesh021', async () => {
    expect(await readings({ semantics: netMesh021 })).toEqual([11n, 0n, 12n]);
  });
});

describe('closing with deferred actions', () => {
  const script = [failsWith('a', 300n), failsWith('b', 200n), failsWith('c', 300n), failsWith('d', 200n)];
  const actions = [heat, heat, heat, heat];

  it('fails each under strict, in order of deadline, then deferral, and then looks at the depth', async () => {
    const rig = new ExecutorRig({ config: { backpressureOn: 4, backpressureOff: 1 }, script });
    rig.start();
    rig.send(...actions);
    await rig.runtime.until(10);
    rig.effects.length = 0;
    rig.queue.close();
    await rig.runtime.until(10);
    expect(rig.effects).toEqual([
      '10 failure 5 (ring 4)',
      '10 chain 2 failed',
      '10 failure 6 (ring 5)',
      '10 chain 4 failed',
      '10 failure 7 (ring 6)',
      '10 chain 1 failed',
      '10 failure 8 (ring 7)',
      '10 chain 3 failed',
      '10 released',
    ]);
    expect(rig.actionChain.at(-1)?.disposition).toEqual({
      type: 'failed',
      reason: 'executor closed',
      retryAfterMs: null,
    });
    expect(rig.executor.stats).toMatchObject({ failed: 4, dispatchRetries: 4 });
    expect(rig.executor.deferredCount).toBe(0);
    expect(rig.ended).toBe('returned');
  });

  it('loses them without a trace under netMesh021', async () => {
    const rig = await ran({ semantics: netMesh021, script }, actions, 10);
    expect(rig.executor.stats).toMatchObject({ failed: 0, dispatchRetries: 4 });
    expect(rig.actionChain.length).toBe(4);
    expect(rig.executor.deferredCount).toBe(4);
    expect(rig.ended).toBe('returned');
  });

  it('serves what is still queued first, under either', async () => {
    for (const semantics of [strict, netMesh021]) {
      const rig = new ExecutorRig({ semantics, script: [failsWith('a', 0n)] });
      rig.runtime.preferred = 'received';
      rig.start();
      rig.send(heat, heat);
      rig.queue.close();
      await rig.runtime.until(0);
      expect(rig.dispatchedIds()).toEqual(['1', '2']);
      expect(rig.ended).toBe('returned');
    }
  });
});

describe('equal deadlines', () => {
  const script = [20n, 15n, 10n, 5n].map((hint) => ({ takesMs: 5, ...failsWith('busy', hint) }));

  it('are served first set, first served under strict', async () => {
    const rig = await ran({ semantics: strict, script }, [heat, heat, heat, heat], 100);
    expect(rig.dispatchedIds().slice(4)).toEqual(['1', '2', '3', '4']);
  });

  it('are served as a standard binary heap of Rust yields them under netMesh021', async () => {
    const rig = await ran({ semantics: netMesh021, script }, [heat, heat, heat, heat], 100);
    expect(rig.dispatchedIds().slice(4)).toEqual(['1', '3', '2', '4']);
  });
});

describe('a throw while dispatch is called', () => {
  it('is a panic of the dispatcher like any other under strict', async () => {
    const rig = await ran({ semantics: strict, script: [panicsInCall] }, [heat, heat]);
    expect(rig.ring()).toEqual(['1 action-id:1:reduce_heat: dispatcher panicked @1000000']);
    expect(rig.executor.stats).toMatchObject({ failed: 1, dispatched: 1 });
    expect(rig.ended).toBe('returned');
  });

  it('ends the executor under netMesh021, and nothing is recorded', async () => {
    const rig = await ran({ semantics: netMesh021, script: [panicsInCall] }, [heat, heat]);
    expect(rig.effects).toEqual(['0 dispatch 1']);
    expect(rig.executor.stats).toMatchObject({ failed: 0, dispatched: 0 });
    expect(rig.ended).toBe('rejected');
  });
});

describe('a throw in the backpressure hook', () => {
  const config = { backpressureOn: 1, backpressureOff: 0 };

  it('is counted under strict, and the executor goes on', async () => {
    const rig = await ran({ semantics: strict, config, hookThrowsOn: [0, 1] }, [heat]);
    expect(rig.effects).toEqual(['0 asserted', '0 dispatch 1', '0 chain 1 dispatched', '0 released']);
    expect(rig.executor.stats).toMatchObject({ hookFailures: 2, backpressureAsserts: 1, backpressureReleases: 1 });
    expect(rig.ended).toBe('returned');
  });

  it.each([undefined, null, 'planted'])('is counted under strict whatever it throws: %o', async (thrown) => {
    const hookThrows = () => {
      throw thrown;
    };
    const rig = await ran({ semantics: strict, config, hookThrowsOn: [0, 1], hookThrows }, [heat]);
    expect(rig.executor.stats).toMatchObject({ hookFailures: 2, dispatched: 1 });
    expect(rig.ended).toBe('returned');
  });

  it('ends the executor under netMesh021, the edge counted and nothing else', async () => {
    const rig = await ran({ semantics: netMesh021, config, hookThrowsOn: [0] }, [heat]);
    expect(rig.effects).toEqual(['0 asserted']);
    expect(rig.executor.stats).toMatchObject({ hookFailures: 0, backpressureAsserts: 1, dispatched: 0 });
    expect(rig.ended).toBe('rejected');
  });
});

describe('a drained queue', () => {
  const config = { backpressureOn: 2, backpressureOff: 1 };

  it('releases at once under strict, after the action that drained it', async () => {
    const rig = await ran({ semantics: strict, config }, [heat, heat]);
    expect(rig.effects).toEqual([
      '0 asserted',
      '0 dispatch 1',
      '0 chain 1 dispatched',
      '0 released',
      '0 dispatch 2',
      '0 chain 2 dispatched',
    ]);
  });

  it('releases at the next idle tick under netMesh021', async () => {
    const rig = new ExecutorRig({ semantics: netMesh021, config: { backpressureOn: 2, backpressureOff: 0 } });
    rig.start();
    await rig.runtime.until(50);
    rig.send(heat, heat);
    await rig.runtime.until(200);
    expect(rig.effects.filter((effect) => effect.endsWith('ed') && !effect.includes('chain'))).toEqual([
      '50 asserted',
      '100 released',
    ]);
  });

  it('is not looked at once more at the close under netMesh021', async () => {
    const rig = new ExecutorRig({ semantics: netMesh021, config: { backpressureOn: 1, backpressureOff: 0 } });
    rig.start();
    await rig.runtime.until(50);
    rig.send(heat);
    rig.queue.close();
    await rig.runtime.until(60);
    expect(rig.effects).toEqual(['50 asserted', '50 dispatch 1', '50 chain 1 dispatched']);
    expect(rig.ended).toBe('returned');
  });

  it('has no tick to wait for under strict: nothing runs while nothing is asked', async () => {
    const rig = new ExecutorRig({ semantics: strict });
    rig.start();
    await rig.runtime.until(10_000);
    expect(rig.runtime.served).toBe(0);
    const ticking = new ExecutorRig({ semantics: netMesh021 });
    ticking.start();
    await ticking.runtime.until(1000);
    expect(ticking.runtime.served).toBe(11);
  });
});

describe('the idle tick of netMesh021', () => {
  /** Times of the ticks when a dispatch begun at 99 takes `takesMs`; flapping marks make each tick visible. */
  const ticks = async (takesMs: number): Promise<number[]> => {
    const rig = new ExecutorRig({
      semantics: netMesh021,
      config: { backpressureOn: 0, backpressureOff: 0 },
      script: [{ takesMs }],
    });
    rig.start();
    await rig.runtime.until(99);
    rig.send(heat);
    await rig.runtime.until(500);
    return rig.effects
      .filter((effect) => /^\d+ (asserted|released)$/.test(effect))
      .map((effect) => parseInt(effect, 10));
  };

  it('comes first at 0, then every 100 ms', async () => {
    expect(await ticks(0)).toEqual([0, 100, 200, 300, 400, 500]);
  });

  it('keeps its phase when handled up to 5 ms late', async () => {
    expect(await ticks(6)).toEqual([0, 105, 200, 300, 400, 500]);
  });

  it('shifts its phase when handled later than that', async () => {
    expect(await ticks(7)).toEqual([0, 106, 206, 306, 406]);
  });
});

describe('marks that flap', () => {
  const config = { backpressureOn: 5, backpressureOff: 5 };

  it('are refused under strict, whoever does the admission', () => {
    const lenient = new BackpressureState({ ...DEFAULT_EXECUTOR_CONFIG, ...config }, netMesh021);
    for (const admission of [undefined, lenient]) {
      expect(() => new ExecutorRig({ semantics: strict, config, ...(admission && { admission }) })).toThrow(
        'backpressureOff (5) must be below backpressureOn (5)',
      );
    }
  });

  it('are taken under netMesh021', () => {
    expect(() => new ExecutorRig({ semantics: netMesh021, config })).not.toThrow();
  });
});
