import { describe, expect, it } from 'vitest';
import { backendKey, backendName } from './backends.ts';

const NAMES = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8', 'backend', 'shared', '1.0.0'];

/** The three fields of a key, each as one text. */
function fieldsOf(name: string): readonly string[] {
  const { instance, serviceName, serviceVersion } = backendKey(name);
  return [JSON.stringify(instance), serviceName, serviceVersion];
}

describe('the key of a backend', () => {
  it.each(NAMES)('leads back to its name: %s', (name) => {
    expect(backendName(backendKey(name))).toBe(name);
  });

  it('is that of no other name', () => {
    expect(new Set(NAMES.map((name) => fieldsOf(name).join('\n'))).size).toBe(NAMES.length);
  });

  it('differs from that of another in one field alone, in each of the three for some pair', () => {
    const alone = new Set<number>();
    for (const a of NAMES.map(fieldsOf)) {
      for (const b of NAMES.map(fieldsOf)) {
        const different = a.flatMap((field, at) => (field === b[at] ? [] : [at]));
        if (different.length === 1) alone.add(different[0] ?? -1);
      }
    }
    expect([...alone].sort()).toEqual([0, 1, 2]);
  });
});
