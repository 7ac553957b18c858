import { describe, expect, it } from 'vitest';
import { ActionIdAllocator } from './action-id.ts';

describe('the allocator of action ids', () => {
  it('hands out 1, 2, 3 and so never the sentinel 0', () => {
    const ids = new ActionIdAllocator();
    expect([ids.next(), ids.next(), ids.next()]).toEqual([1n, 2n, 3n]);
  });

  it('starts again at 1 for each incarnation', () => {
    const before = new ActionIdAllocator();
    before.next();
    expect(new ActionIdAllocator().next()).toBe(1n);
    expect(before.next()).toBe(2n);
  });
});
