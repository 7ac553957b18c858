/** Configurations that a reader need not think about: the usual limits, or else small and round ones. */
import {
  AUDIT_RING_CAPACITY,
  INBOX_CAPACITY,
  LOG_RING_CAPACITY,
  RECENT_FAILURES_CAPACITY,
} from '../../src/ring/capacities.ts';
import type { MeshConfig } from '../scenario/scenario.ts';
import { consistent } from './consistent.ts';
import { type Edit, type MeshScenario, withConfig } from './edit.ts';

/**
 * The defaults of the control plane. Lengths of time that would only make a run long are short instead, and nothing varies
 * in how long it takes.
 */
const USUAL: Omit<MeshConfig, 'nodes' | 'codecs' | 'backends'> = {
  inboxCapacity: INBOX_CAPACITY,
  queueCapacity: 1024,
  pullCooldownMs: 250,
  drainRatePerSec: 10,
  stabilizationMs: 1000,
  backpressureOn: 1000,
  backpressureOff: 200,
  maxDefers: 16,
  recentFailures: RECENT_FAILURES_CAPACITY,
  logRing: LOG_RING_CAPACITY,
  auditRing: AUDIT_RING_CAPACITY,
  failureChain: 4096,
  logChain: 16_384,
  auditChain: 4096,
  dispatch: { minMs: 0, maxMs: 0 },
  network: { minMs: 1, maxMs: 1 },
  sync: { minMs: 0, maxMs: 0 },
  syncEveryMs: 0,
  reRequestMs: 200,
  broadcastTimeoutMs: 500,
  answer: { minMs: 1, maxMs: 1 },
  epochMs: 0,
};

const RANGES = ['dispatch', 'network', 'sync', 'answer'] as const;
const LENGTHS = ['pullCooldownMs', 'stabilizationMs', 'syncEveryMs', 'reRequestMs', 'broadcastTimeoutMs'] as const;
/** Bounds that fewer operations reach if they are lower. */
const BOUNDS = [
  'inboxCapacity',
  'queueCapacity',
  'drainRatePerSec',
  'maxDefers',
  'recentFailures',
  'logRing',
  'auditRing',
  'failureChain',
  'logChain',
  'auditChain',
] as const;
const ROUND_MS = [1000, 100, 10];

export function* configEdits({ config }: MeshScenario): Generator<Edit> {
  yield (current) => withConfig(current, { ...current.config, ...USUAL });
  for (const [field, usual] of Object.entries(USUAL)) {
    yield (current) => withConfig(current, { ...current.config, [field]: usual });
  }
  const { backpressureOn, backpressureOff } = USUAL;
  yield (current) => withConfig(current, { ...current.config, backpressureOn, backpressureOff });
  yield (current) => withConfig(current, { ...current.config, codecs: current.config.codecs.map(() => 'postcard') });
  for (let backends = 0; backends < config.backends; backends += 1) {
    yield (current) =>
      backends < current.config.backends ? withConfig(current, { ...current.config, backends }) : null;
  }
  for (const field of RANGES) {
    yield (current) => {
      const { minMs } = current.config[field];
      return withConfig(current, { ...current.config, [field]: { minMs, maxMs: minMs } });
    };
  }
  // A value that is not the usual one matters. It is better small then, and lengths of time are better round.
  for (const field of BOUNDS) {
    yield (current) => (current.config[field] === USUAL[field] ? null : lowered(current, field, 1));
    yield (current) =>
      current.config[field] === USUAL[field] ? null : lowered(current, field, current.config[field] >> 1);
  }
  yield (current) => (current.config.backpressureOn === backpressureOn ? null : lowerMarks(current, 1));
  yield (current) =>
    current.config.backpressureOn === backpressureOn ? null : lowerMarks(current, current.config.backpressureOn >> 1);
  for (const field of LENGTHS) for (const step of ROUND_MS) yield (current) => rounded(current, field, step);
}

/**
 * Lower bounds, usual or not, are worth it where fewer operations then do; longer lengths of time, where fewer choices do.
 */
export function* configShortcuts(): Generator<Edit> {
  for (const field of RANGES) {
    yield (current) => {
      const { maxMs } = current.config[field];
      return withConfig(current, { ...current.config, [field]: { minMs: maxMs, maxMs } });
    };
  }
  for (const to of [1, 2, 4]) {
    for (const field of BOUNDS) {
      yield (current) => lowered(current, field, to);
      for (const end of ENDS) yield (current) => loweredWithout(current, field, to, end);
    }
    yield (current) => lowerMarks(current, to);
  }
}

const ENDS = ['first', 'last'] as const;

/**
 * Operations that only serve to reach a bound can become fewer by as many as the bound becomes lower. With all of them the
 * bound may be reached too early.
 */
function loweredWithout(
  scenario: MeshScenario,
  field: (typeof BOUNDS)[number],
  to: number,
  end: (typeof ENDS)[number],
): MeshScenario | null {
  const { workload, config } = scenario;
  const fewer = config[field] - to;
  if (fewer < 1 || fewer >= workload.length) return null;
  const kept = end === 'first' ? workload.slice(fewer) : workload.slice(0, -fewer);
  const simpler = lowered({ ...scenario, workload: kept }, field, to);
  return simpler === null ? null : consistent(simpler);
}

function lowered(scenario: MeshScenario, field: (typeof BOUNDS)[number], to: number): MeshScenario | null {
  const { config } = scenario;
  return to < 1 || to >= config[field] ? null : withConfig(scenario, { ...config, [field]: to });
}

function lowerMarks(scenario: MeshScenario, on: number): MeshScenario | null {
  const { config } = scenario;
  if (on < 1 || on >= config.backpressureOn) return null;
  return withConfig(scenario, {
    ...config,
    backpressureOn: on,
    backpressureOff: Math.min(config.backpressureOff, on - 1),
  });
}

function rounded(scenario: MeshScenario, field: (typeof LENGTHS)[number], stepMs: number): MeshScenario | null {
  const { config } = scenario;
  const to = config[field] - (config[field] % stepMs);
  return to === 0 || config[field] === USUAL[field] ? null : withConfig(scenario, { ...config, [field]: to });
}
