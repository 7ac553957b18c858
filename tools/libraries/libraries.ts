/** All workloads. */
import { dataloader, keyv, lruCache } from './caches.ts';
import { asyncFunctions, bluebird, rxjs } from './flows.ts';
import type { Library } from './library.ts';
import { bottleneck, fastq, pLimit, pMap, pQueue } from './limits.ts';
import { asyncMutex } from './locks.ts';
import { genericPool, tarn } from './pools.ts';
import { cockatiel, opossum, pRetry } from './retries.ts';
import { pDebounce, pThrottle, pTimeout } from './timers.ts';

export const LIBRARIES: readonly Library[] = [
  asyncMutex,
  pLimit,
  pQueue,
  pMap,
  pRetry,
  pTimeout,
  pDebounce,
  pThrottle,
  lruCache,
  dataloader,
  keyv,
  opossum,
  cockatiel,
  bottleneck,
  genericPool,
  tarn,
  fastq,
  asyncFunctions,
  rxjs,
  bluebird,
];
