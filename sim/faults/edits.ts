/** How faults are made simpler, whatever they strike: always instead of sometimes, shorter, less. For shrinking. */
import { type HardwareFault, plainerHardware } from './hardware.ts';
import { machineKind } from './machine/machines.ts';

/** Longer than what is left of any scenario when it has become small. */
const ALL_ALONG_MS = 10_000;

/** A fault in a scenario. */
type Listed = { readonly key: string; readonly at: unknown; readonly kind: string; readonly forMs?: number };

/** The fault that people would think of first and that does the same; null where this is it. */
export function plainer<F extends HardwareFault & Listed>(
  fault: F,
): (HardwareFault & { readonly key: string; readonly at: F['at'] }) | null {
  const found = plainerHardware(fault);
  return found === null ? null : { ...found, key: fault.key, at: fault.at };
}

/** A fault that only changes how something goes may as well do so from beginning to end; then its times say nothing. */
export function allAlong<F extends Listed>(fault: F): F | null {
  return 'forMs' in fault && machineKind(fault.kind)?.holds !== true ? { ...fault, at: 0, forMs: ALL_ALONG_MS } : null;
}

function shorter<F extends Listed>(fault: F, to: (forMs: number) => number): F | null {
  if (fault.forMs === undefined || fault.forMs === ALL_ALONG_MS) return null;
  const forMs = to(fault.forMs);
  return forMs < 1 ? null : { ...fault, forMs };
}

/** Half as long, then without its last digits. */
export const SHORTER: readonly (<F extends Listed>(fault: F) => F | null)[] = [
  (fault) => shorter(fault, (forMs) => forMs >> 1),
  (fault) => shorter(fault, (forMs) => forMs - (forMs % 1000)),
  (fault) => shorter(fault, (forMs) => forMs - (forMs % 100)),
  (fault) => shorter(fault, (forMs) => forMs - (forMs % 10)),
];

/** Strikes always, and by less. */
export const SIMPLER_VALUES: readonly (<F extends Listed & { readonly percent?: number; readonly extraMs?: number }>(
  fault: F,
) => F | null)[] = [
  (fault) => (fault.percent === undefined ? null : { ...fault, percent: 100 }),
  (fault) => (fault.extraMs !== undefined && fault.extraMs > 1 ? { ...fault, extraMs: fault.extraMs >> 1 } : null),
];
