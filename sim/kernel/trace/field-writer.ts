/**
 * Writers of the fields of one kind of event, made as code.
 *
 * Code of its own reads events of one kind alone, where the engine knows at which place each field stands; in a loop over
 * names that all kinds share it has to search for every field of every event, which costs more than writing it. And each
 * field has a string of its own that it was written with last, which mostly is the next one, too.
 *
 * A process may forbid to make code of strings (`--disallow-code-generation-from-strings`). The writer is then that loop,
 * which writes the same bytes.
 */
import type { TraceEncoder } from './trace-encoder.ts';

/** Writes the fields of an event, in order. */
export type FieldWriter = (encoder: TraceEncoder, event: object) => void;

/** By the list of fields, of which there are few, and which live as long as their world. */
const writers = new WeakMap<readonly string[], FieldWriter>();

export function writerOf(fields: readonly string[]): FieldWriter {
  const known = writers.get(fields);
  if (known !== undefined) return known;
  const made = compile(fields) ?? loopOver(fields);
  writers.set(fields, made);
  return made;
}

/** The loop that does without code of its own. */
function loopOver(fields: readonly string[]): FieldWriter {
  return (encoder, event) => {
    for (const field of fields) encoder.value(Reflect.get(event, field));
  };
}

/** None where the process forbids to make code. */
function compile(fields: readonly string[]): FieldWriter | undefined {
  const state = fields.map((_field, i) => `let last${i}, place${i}, id${i} = 0;`);
  const body = fields.map(
    (field, i) => `
    value = event[${JSON.stringify(field)}];
    if (typeof value === 'number') {
      encoder.number(value);
    } else if (typeof value !== 'string') {
      encoder.value(value);
    } else if (value === last${i} && encoder.id === id${i}) {
      encoder.seen(place${i});
    } else {
      place${i} = encoder.string(value);
      last${i} = value;
      id${i} = encoder.id;
    }`,
  );
  const source = `${state.join('\n')}\nreturn (encoder, event) => {\n  let value;${body.join('')}\n};`;
  const made = evaluated(source);
  if (made === undefined) return undefined;
  if (!isWriter(made)) throw new TypeError('the code of a writer gives no function');
  return made;
}

function evaluated(source: string): unknown {
  try {
    return new Function(source)();
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

function isWriter(made: unknown): made is FieldWriter {
  return typeof made === 'function';
}
