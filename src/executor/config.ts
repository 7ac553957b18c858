/** The executor's limits: their defaults, and the check that refuses limits nobody can mean. */
import { RECENT_FAILURES_CAPACITY } from '../ring/capacities.ts';
import { U64_MAX } from './millis.ts';
import type { ExecutorConfig } from './ports.ts';
import type { ExecutorSemantics } from './semantics.ts';

/** What an executor is configured with: its limits, and how many recent failures it keeps. */
export interface ActionExecutorConfig extends ExecutorConfig {
  /** Capacity of the ring of recent failures. Default 256. */
  readonly recentFailures: number;
}

export const DEFAULT_EXECUTOR_CONFIG: ActionExecutorConfig = {
  pullCooldownMs: 250,
  drainRatePerSec: 10,
  stabilizationMs: 60_000,
  backpressureOn: 1000,
  backpressureOff: 200,
  maxDefers: 16,
  recentFailures: RECENT_FAILURES_CAPACITY,
};

/** Throws a RangeError that names the limit which is no u64, or the two marks that would flap. */
export function checkExecutorConfig(config: ExecutorConfig, semantics: ExecutorSemantics): void {
  checkLimit('pullCooldownMs', config.pullCooldownMs);
  checkLimit('drainRatePerSec', config.drainRatePerSec);
  checkLimit('stabilizationMs', config.stabilizationMs);
  checkLimit('backpressureOn', config.backpressureOn);
  checkLimit('backpressureOff', config.backpressureOff);
  checkLimit('maxDefers', config.maxDefers);
  if (semantics.flappingMarks === 'refused' && config.backpressureOff >= config.backpressureOn) {
    throw new RangeError(
      `backpressureOff (${config.backpressureOff}) must be below backpressureOn (${config.backpressureOn}): ` +
        'a depth between them would assert and release at every update',
    );
  }
}

function checkLimit(name: string, value: number | bigint): void {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isWhole || value < 0) throw new RangeError(`${name} must be a whole number of at least 0, not ${value}`);
  if (value > U64_MAX) throw new RangeError(`${name} must be at most 2^64 - 1, not ${value}`);
}
