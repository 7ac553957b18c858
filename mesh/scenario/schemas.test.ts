import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Keyed, KeyedFault } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';
import { config, fault, meshSchemas, operation } from './schemas.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

const CONFIG = {
  nodes: 1,
  codecs: ['msgpack'],
  inboxCapacity: 16,
  queueCapacity: 16,
  pullCooldownMs: 40,
  drainRatePerSec: 10,
  stabilizationMs: 60,
  backpressureOn: 8,
  backpressureOff: 2,
  maxDefers: 3,
  recentFailures: 8,
  logRing: 8,
  auditRing: 8,
  failureChain: 8,
  logChain: 8,
  auditChain: 8,
  dispatch: { minMs: 0, maxMs: 7 },
  network: { minMs: 1, maxMs: 20 },
  sync: { minMs: 0, maxMs: 5 },
  syncEveryMs: 50,
  reRequestMs: 200,
  broadcastTimeoutMs: 300,
  answer: { minMs: 0, maxMs: 10 },
  backends: 2,
  epochMs: 0,
};

/** The messages of what is wrong, each with its path. */
function problems(schema: z.ZodType, value: unknown): string[] {
  const read = schema.safeParse(value);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('the schemas of mesh scenarios', () => {
  it('give exactly the types of the contract', () => {
    const configIs: Same<DeepReadonly<z.output<typeof config>>, MeshConfig> = true;
    const operationIs: Same<DeepReadonly<z.output<typeof operation>>, Keyed & MeshOperation> = true;
    const faultIs: Same<DeepReadonly<z.output<typeof fault>>, KeyedFault & MeshFault> = true;
    expect([configIs, operationIs, faultIs]).toEqual([true, true, true]);
    expect(meshSchemas).toMatchObject({ config, operation, fault });
  });

  it('read ids as integers, bigints or decimal strings', () => {
    const pull = (chain: unknown) => ({
      key: 'k1',
      at: 0,
      kind: 'submit',
      node: 1,
      action: { kind: 'pull_replica', chain, source: 1 },
    });
    const chainOf = (value: unknown) => {
      const read = operation.parse(pull(value));
      return read.kind === 'submit' && read.action.kind === 'pull_replica' ? read.action.chain : undefined;
    };
    expect(chainOf(7)).toBe(7n);
    expect(chainOf(7n)).toBe(7n);
    expect(chainOf('18446744073709551615')).toBe(2n ** 64n - 1n);
    expect(problems(operation, pull('18446744073709551616'))).toEqual([
      'action.chain: expected an id from 0 to 2^64 - 1',
    ]);
    expect(problems(operation, pull(-1))).toEqual(['action.chain: expected an id from 0 to 2^64 - 1']);
    expect(problems(operation, pull(0.5))[0]).toContain('expected an id: a whole number from 0 up');
    expect(problems(operation, pull('0x7'))[0]).toContain('expected an id: a whole number from 0 up');
  });

  it('refuse fields they do not know, at every depth', () => {
    expect(problems(config, { ...CONFIG, node: 1 })[0]).toContain('"node"');
    expect(problems(config, { ...CONFIG, sync: { minMs: 0, maxMs: 1, meanMs: 1 } })[0]).toContain('"meanMs"');
    const burst = {
      key: 'f1',
      at: 0,
      kind: 'queue-burst',
      node: 1,
      actions: [{ kind: 'drop_replica', chain: 1, why: '' }],
    };
    expect(problems(fault, burst)[0]).toContain('"why"');
  });

  it('say in which range a number belongs and what it is', () => {
    expect(problems(config, { ...CONFIG, nodes: 6 })).toContain('nodes: expected at most 5, how many nodes there are');
    expect(problems(config, { ...CONFIG, queueCapacity: 0 })).toEqual([
      'queueCapacity: expected at least 1, how many items fit',
    ]);
    expect(problems(config, { ...CONFIG, syncEveryMs: 1.5 })).toEqual([
      'syncEveryMs: expected a whole number, a length in milliseconds',
    ]);
    expect(problems(config, { ...CONFIG, answer: { minMs: 3, maxMs: 2 } })).toEqual([
      'answer.minMs: expected minMs to be at most maxMs',
    ]);
    expect(problems(config, { ...CONFIG, nodes: 2 })).toEqual(['codecs: expected one codec a node']);
  });

  it('know every version byte but the one that everybody speaks', () => {
    const speaks = (version: number) =>
      problems(fault, { key: 'f1', at: 0, kind: 'wire-version', node: 1, side: 'both', version, forMs: 1 });
    expect([0, 2, 255].flatMap(speaks)).toEqual([]);
    expect(speaks(1)[0]).toContain('expected another version than 1');
    expect(speaks(256)[0]).toContain('at most 255');
  });

  it('take a dispatch target in either form and in no third', () => {
    const fails = (target: unknown) =>
      problems(fault, { key: 'f1', at: 0, kind: 'dispatch-error', target, forMs: 5, reason: 'no' });
    expect(fails({ op: 'k1', attempt: 1, times: 2 })).toEqual([]);
    expect(fails({ node: 1, percent: 50 })).toEqual([]);
    expect(fails({ node: 1, op: 'k1' })[0]).toContain('{ op, attempt, times }');
    expect(fails({ node: 1, percent: 0 })[0]).toContain('target.percent: expected at least 1');
  });

  it('let ill-formed text through in the reasons of a foreign dispatcher only', () => {
    const target = { node: 1, percent: 50 };
    const dispatchError = { key: 'f1', at: 0, kind: 'dispatch-error', target, forMs: 5, reason: 'half \ud800' };
    expect(problems(fault, dispatchError)).toEqual([]);
    const log = { key: 'k1', at: 0, kind: 'log', node: 1, level: 'info', daemonId: null, message: 'half \ud800' };
    expect(problems(operation, log)).toEqual(['message: expected text without lone surrogates']);
  });

  it('refuse keys that could be taken for those of a burst', () => {
    const close = (key: string) => problems(operation, { key, at: 0, kind: 'close-queue', node: 1 });
    expect(close('k1')).toEqual([]);
    expect(close('f1/2')[0]).toContain('expected a key of letters');
  });

  it('tell apart the places where wire damage is done', () => {
    const damage = (rest: object) => ({
      key: 'f1',
      at: 0,
      kind: 'wire-damage',
      damage: 'flip',
      forMs: 5,
      percent: 9,
      ...rest,
    });
    expect(problems(fault, damage({ where: 'transit', from: 1, to: 2 }))).toEqual([]);
    expect(problems(fault, damage({ where: 'append', node: 1 }))).toEqual([]);
    expect(problems(fault, damage({ where: 'decoder', from: 1, to: 2 })).length).toBeGreaterThan(0);
  });

  it('can be written as a JSON Schema of what a file holds', () => {
    const written = z.toJSONSchema(fault, { io: 'input', unrepresentable: 'any' });
    expect(JSON.stringify(written)).toContain('queue-burst');
  });
});
