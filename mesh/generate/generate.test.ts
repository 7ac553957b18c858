import { describe, expect, it } from 'vitest';
import { WINDOW_MAX_MS } from '../../sim/faults/swarm.ts';
import type { KeyedFault, Profile, Scenario } from '../../sim/world.ts';
import { isWellFormed } from '../../src/text.ts';
import { FAULT_KINDS } from '../scenario/fault-kinds.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';
import { meshSchemas } from '../scenario/schemas.ts';
import { ACTION_KINDS } from './actions.ts';
import { generateMesh } from './generate.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

const SEEDS = 2000;

function many(profile: Profile, count: number): MeshScenario[] {
  return Array.from({ length: count }, (_, index) => generateMesh(BigInt(index + 1), profile, 'strict'));
}

const swarm = many('swarm', SEEDS);
const faults = swarm.flatMap((scenario) => scenario.faults);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The share of scenarios for which something holds. */
function share(scenarios: readonly MeshScenario[], holds: (scenario: MeshScenario) => boolean): number {
  return scenarios.filter(holds).length / scenarios.length;
}

function actionsOf({ workload, faults }: MeshScenario) {
  return [
    ...workload.flatMap((operation) => (operation.kind === 'submit' ? [operation.action] : [])),
    ...faults.flatMap((fault) => (fault.kind === 'queue-burst' ? fault.actions : [])),
  ];
}

/** Every length that a scenario names and somebody has to wait for. */
function windowsOf({ config, workload, faults }: MeshScenario): number[] {
  return [
    config.pullCooldownMs,
    config.stabilizationMs,
    config.broadcastTimeoutMs,
    ...workload.map((operation) => (operation.kind === 'gate-daemon' ? operation.forMs : 0)),
    ...faults.flatMap((fault) => [
      'forMs' in fault ? fault.forMs : 0,
      'extraMs' in fault ? fault.extraMs : 0,
      'hintMs' in fault ? fault.hintMs : 0,
      'delayMs' in fault ? fault.delayMs : 0,
    ]),
  ];
}

describe('generated scenarios', () => {
  it('have 3 nodes and 100 to 200 operations in the median', () => {
    expect(median(swarm.map(({ config }) => config.nodes))).toBe(3);
    const operations = median(swarm.map(({ workload }) => workload.length));
    expect(operations).toBeGreaterThanOrEqual(100);
    expect(operations).toBeLessThanOrEqual(200);
  });

  it('have every number of nodes and of backends', () => {
    const values = (of: (config: MeshConfig) => number) => [...new Set(swarm.map(({ config }) => of(config)))];
    expect(values((config) => config.nodes).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(values((config) => config.backends).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are valid by the schemas that scenario files are read with', () => {
    for (const { config, workload, faults } of [...swarm.slice(0, 200), ...many('storm', 50)]) {
      const errors = [
        meshSchemas.config.safeParse(config),
        ...workload.map((operation) => meshSchemas.operation.safeParse(operation)),
        ...faults.map((fault) => meshSchemas.fault.safeParse(fault)),
      ].flatMap((read) => (read.success ? [] : [read.error.message]));
      expect(errors).toEqual([]);
    }
  });

  it('keep the off mark below the on mark', () => {
    expect(swarm.every(({ config }) => config.backpressureOff < config.backpressureOn)).toBe(true);
  });

  it('name keys once, in order of time', () => {
    const ordered = (list: readonly KeyedFault[]) => {
      const times = list.flatMap(({ at }) => (typeof at === 'number' ? [at] : []));
      return times.every((at, index) => at >= (times[index - 1] ?? 0));
    };
    for (const { workload, faults } of swarm) {
      const keys = new Set([...workload, ...faults].map(({ key }) => key));
      expect([keys.size, ordered(workload), ordered(faults)]).toEqual([workload.length + faults.length, true, true]);
    }
  });

  it('point only at nodes, links and submissions that there are', () => {
    for (const { config, workload, faults } of swarm) {
      const submissions = new Set(workload.flatMap((item) => (item.kind === 'submit' ? [item.key] : [])));
      for (const fault of faults) {
        if (fault.kind !== 'queue-burst') continue;
        for (let index = 1; index <= fault.actions.length; index += 1) submissions.add(`${fault.key}/${index}`);
      }
      const astray = faults.filter(
        (fault) =>
          nodesOf(fault).some((node) => node > config.nodes) ||
          ('from' in fault && fault.from === fault.to) ||
          (fault.kind === 'partition' && new Set(fault.nodes).size >= config.nodes) ||
          ('target' in fault && 'op' in fault.target && !submissions.has(fault.target.op)),
      );
      expect(astray).toEqual([]);
    }
  });

  it('put operations into the same instants', () => {
    const together = (scenario: MeshScenario) => {
      const times = scenario.workload.map(({ at, node }) => `${at}/${node}`);
      return new Set(times).size < 0.8 * times.length;
    };
    expect(share(swarm, together)).toBeGreaterThan(0.7);
  });

  it('submit every kind of action, do every kind of operation', () => {
    const kinds = new Set(swarm.slice(0, 50).flatMap((scenario) => actionsOf(scenario).map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([...ACTION_KINDS].sort());
    expect(new Set(swarm.flatMap(({ workload }) => workload.map(({ kind }) => kind))).size).toBe(8);
  });

  it('cross every small capacity in a fair share of runs', () => {
    const capacities = [
      'inboxCapacity',
      'queueCapacity',
      'recentFailures',
      'logRing',
      'auditRing',
      'logChain',
    ] as const;
    for (const capacity of capacities) {
      expect(share(swarm, ({ config }) => config[capacity] <= 16)).toBeGreaterThan(0.1);
      expect(share(swarm, ({ config }) => config[capacity] > 40)).toBeGreaterThan(0.1);
    }
  });

  it('have windows above 2 s in one run of fifty and in no other', () => {
    const long = share(swarm, (scenario) => Math.max(...windowsOf(scenario)) > WINDOW_MAX_MS);
    expect(long).toBeGreaterThan(0.01);
    expect(long).toBeLessThan(0.03);
  });

  it('turn on every kind of fault, none of them always', () => {
    for (const kind of FAULT_KINDS) {
      const on = share(swarm, ({ faults }) => faults.some((fault) => fault.kind === kind));
      expect([kind, on > 0.2 && on < 0.6]).toEqual([kind, true]);
    }
    expect(share(swarm, ({ faults }) => faults.length === 0)).toBeGreaterThan(0.005);
  });

  it('know every variant of every fault', () => {
    const variants = (of: (fault: MeshFault) => string | undefined) =>
      [...new Set(faults.map(of))].filter((variant) => variant !== undefined).sort();
    expect(variants((fault) => ('target' in fault ? ('op' in fault.target ? 'op' : 'node') : undefined))).toEqual([
      'node',
      'op',
    ]);
    expect(variants((fault) => ('how' in fault ? fault.how : undefined))).toEqual(['rejects', 'throws']);
    expect(variants((fault) => ('chain' in fault ? fault.chain : undefined))).toHaveLength(4);
    expect(variants((fault) => ('side' in fault ? fault.side : undefined))).toHaveLength(3);
    const damages = variants((fault) => (fault.kind === 'wire-damage' ? `${fault.where} ${fault.damage}` : undefined));
    expect(damages).toHaveLength(12);
    const reasons = variants((fault) => (fault.kind === 'backend-fail' ? fault.reason : undefined));
    expect(reasons).toHaveLength(3);
    const versions = faults.flatMap((fault) => (fault.kind === 'wire-version' ? [fault.version] : []));
    expect([Math.min(...versions), Math.max(...versions), versions.includes(1)]).toEqual([0, 255, false]);
    expect(faults.some((fault) => fault.kind === 'partition' && fault.oneWay)).toBe(true);
    expect(faults.some((fault) => fault.kind === 'dispatch-retry' && fault.hintMs === 0)).toBe(true);
    expect(faults.some((fault) => 'target' in fault && 'op' in fault.target && fault.target.op.includes('/'))).toBe(
      true,
    );
  });

  it('crash several nodes at once, and jump clocks below 1970', () => {
    const together = ({ faults }: MeshScenario) => {
      const crashes = faults.filter((fault) => fault.kind === 'node-crash');
      return crashes.some((a) => crashes.some((b) => a.at === b.at && a.node !== b.node));
    };
    expect(share(swarm, together)).toBeGreaterThan(0.05);
    const below = ({ config, faults }: MeshScenario) =>
      faults.some(
        (fault) =>
          fault.kind === 'clock-jump' &&
          typeof fault.at === 'number' &&
          Number(config.epochMs) + fault.at + fault.byMs < 0,
      );
    expect(share(swarm, below)).toBeGreaterThan(0.05);
  });

  it('answer right before, at and after the deadline of a broadcast', () => {
    const offsets = new Set(
      swarm.flatMap(({ config, faults }) =>
        faults.flatMap((fault) =>
          fault.kind === 'backend-slow' ? [fault.delayMs - Math.max(1, config.broadcastTimeoutMs)] : [],
        ),
      ),
    );
    expect([-1, 0, 1].every((offset) => offsets.has(offset))).toBe(true);
  });

  it('have ill-formed text only where a foreign dispatcher speaks', () => {
    const reasons = faults.flatMap((fault) =>
      fault.kind === 'dispatch-error' || fault.kind === 'dispatch-retry' ? [fault.reason] : [],
    );
    expect(reasons.some((reason) => !isWellFormed(reason))).toBe(true);
    const texts = swarm.slice(0, 300).flatMap((scenario) => stringsIn([scenario.workload, actionsOf(scenario)]));
    expect(texts.every(isWellFormed)).toBe(true);
    expect(texts.some((text) => text.includes('🦀')) && texts.some((text) => text.includes('\u0000'))).toBe(true);
    expect(texts.includes('') && texts.some((text) => text.length > 127)).toBe(true);
  });

  it('use ids above 2^53', () => {
    const wide = (scenario: MeshScenario) =>
      actionsOf(scenario).some((action) => 'chain' in action && action.chain > 2n ** 53n);
    expect(share(swarm, wide)).toBeGreaterThan(0.3);
  });

  it('have no faults when calm, and every kind that the cluster has room for in a storm', () => {
    expect(many('calm', 200).every(({ faults }) => faults.length === 0)).toBe(true);
    const roomy = many('storm', 300).filter(
      ({ config, workload }) =>
        config.nodes > 1 && config.backends > 0 && workload.some(({ kind }) => kind === 'broadcast'),
    );
    expect(roomy.length).toBeGreaterThan(150);
    for (const { faults } of roomy) {
      expect(new Set(faults.map(({ kind }) => kind)).size).toBe(FAULT_KINDS.length);
    }
  });

  it('differ by profile in their faults only, by semantics in that field only', () => {
    for (const seed of [3n, 4n, 5n]) {
      const scenario = generateMesh(seed, 'swarm', 'strict');
      const calm = generateMesh(seed, 'calm', 'strict');
      expect([calm.config, calm.workload]).toEqual([scenario.config, scenario.workload]);
      expect({ ...generateMesh(seed, 'swarm', 'netMesh021'), semantics: 'strict' }).toEqual(scenario);
    }
  });
});

function nodesOf(fault: MeshFault): readonly number[] {
  if (fault.kind === 'partition') return fault.nodes;
  if ('from' in fault) return [fault.from, fault.to];
  if ('node' in fault) return [fault.node];
  return 'target' in fault && 'node' in fault.target ? [fault.target.node] : [];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
