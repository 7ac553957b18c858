import { describe, expect, test } from 'vitest';
import { InjectedError } from './injected-error.ts';

describe('an injected error', () => {
  test('says which fault threw it, and has no frames', () => {
    const error = new InjectedError('f3', 'dispatch threw');
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('InjectedError: dispatch threw (fault f3)');
    expect(error.stack).not.toContain('\n');
  });

  test('leaves the stacks of others as they are', () => {
    new InjectedError('f3', 'dispatch threw');
    expect(new Error('other').stack).toContain('injected-error.test.ts');
  });
});
