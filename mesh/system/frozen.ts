/**
 * What passes a port stays as it was: judges keep it and compare with it, so that a change made in place, of what was
 * handed over or handed out before, would be made in what they compare with. In a frozen object it throws.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) if (typeof item === 'object') frozen(item);
  return value;
}
