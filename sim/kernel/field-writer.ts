/**
 * Writers of the fields of one kind of event, made as code.
 *
 * Code of its own reads events of one kind alone, where the engine knows at which place each field stands; in a loop over
 * names that all kinds share it has to search for every field of every event, which costs more than writing it. And each
 * field has a string of its own that it was written with last, which mostly is the next one, too.
 */
import type { TraceEncoder } from './trace-encoder.ts';

/** Writes the fields of an event, in order. */
export type FieldWriter = (encoder: TraceEncoder, event: object) => void;

/** By the list of fields, of which there are few, and which live as long as their world. */
const writers = new WeakMap<readonly string[], FieldWriter>();

export function writerOf(fields: readonly string[]): FieldWriter {
  const known = writers.get(fields);
  if (known !== undefined) return known;
  const made = compile(fields);
  writers.set(fields, made);
  return made;
}

function compile(fields: readonly string[]): FieldWriter {
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
  const made: unknown = new Function(source)();
  if (!isWriter(made)) throw new TypeError('the code of a writer gives no function');
  return made;
}

function isWriter(made: unknown): made is FieldWriter {
  return typeof made === 'function';
}
