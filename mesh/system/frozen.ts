/**
 * Freezes what passes a port. Checkers keep it and compare with it later. A change in place, of something that was handed
 * over before, would change what they compare with; in a frozen object it throws.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) if (typeof item === 'object') frozen(item);
  return value;
}
