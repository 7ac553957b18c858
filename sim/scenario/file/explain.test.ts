/** Explaining looks at each mistake a few times, however many mistakes a file has. */
import { expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import { parseSource } from './document.ts';
import { explain, wording } from './explain.ts';
import { parseScenario } from './read.ts';
import { fileSchema } from './schema.ts';

const GOOD = { format: 1, name: 'x', world: 'toy', semantics: 'resend', seed: '1', config: {}, faults: [] };

function fileOf(items: number): Uint8Array {
  const workload = Array.from({ length: items }, () => ({}));
  return new TextEncoder().encode(JSON.stringify({ ...GOOD, workload }));
}

/** How many places are asked for, and how many values are looked up, while a file of so many empty operations is explained. */
async function looks(items: number): Promise<{ readonly mistakes: number; readonly looked: number }> {
  const parsed = parseSource(fileOf(items));
  if (!parsed.ok) throw new Error('this is YAML');
  const { document } = parsed;
  const { schema } = await fileSchema(toyWorld);
  const read = schema.safeParse(document.value, { error: wording });
  if (read.success) throw new Error('this is no scenario');
  let looked = 0;
  const counted = <T extends object>(value: T): T =>
    new Proxy(value, {
      get(target, key) {
        looked += 1;
        const inner: unknown = Reflect.get(target, key);
        return typeof inner === 'object' && inner !== null ? counted(inner) : inner;
      },
    });
  const mistakes = explain(read.error.issues, { ...document, value: counted(Object(document.value)) });
  return { mistakes: mistakes.length, looked };
}

it('ten times as many mistakes take ten times as many looks', async () => {
  const [few, many] = [await looks(20), await looks(200)];
  expect(many.mistakes).toBeGreaterThan(9 * few.mistakes);
  expect(many.looked).toBeLessThan(11 * few.looked);
});

it('a file of 20,000 empty operations is refused before anybody gives up waiting', async () => {
  expect(await parseScenario(toyWorld, fileOf(20_000))).toMatchObject({ ok: false });
}, 120_000);
