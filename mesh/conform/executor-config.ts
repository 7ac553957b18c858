/** The limits of admission and executor as vectors write them. */
import { z } from 'zod';
import type { ExecutorConfig } from '../../src/executor/ports.ts';
import { wide } from './shapes.ts';

export const executorConfig: z.ZodType<ExecutorConfig> = z
  .strictObject({
    pull_cooldown_ms: wide,
    drain_rate_per_zone_per_sec: wide,
    replica_stabilization_window_ms: wide,
    cluster_backpressure_threshold: wide,
    cluster_backpressure_release: wide,
    max_defer_count: wide,
  })
  .transform((config) => ({
    pullCooldownMs: config.pull_cooldown_ms,
    drainRatePerSec: config.drain_rate_per_zone_per_sec,
    stabilizationMs: config.replica_stabilization_window_ms,
    backpressureOn: config.cluster_backpressure_threshold,
    backpressureOff: config.cluster_backpressure_release,
    maxDefers: config.max_defer_count,
  }));
