/**
 * Writes the fields of one kind of event into the trace, by code made for that kind:
 *
 *     ['node', 'id']  ──▶  let last0, place0, id0 = 0;              // each field's latest string, and its place
 *                          let last1, place1, id1 = 0;
 *                          return (encoder, event) => {
 *                            let value;
 *                            value = event['node'];                 // one read a kind: the engine knows the offset
 *                            if (typeof value === 'number') …
 *                            value = event['id'];
 *                            …
 *                          };
 *
 * A loop over field names, shared by all kinds, looks up every field of every event, which costs more than writing it. The
 * code made here reads events of one kind only. A field often repeats its latest string; its place is then written at once.
 *
 * A process may forbid to make code from strings (`--disallow-code-generation-from-strings`). The loop is used instead; it
 * writes the same bytes.
 */
import type { TraceEncoder } from './trace-encoder.ts';

/** Writes the fields of an event, in order. */
export type FieldWriter = (encoder: TraceEncoder, event: object) => void;

/** By list of fields. There are few lists, and they live as long as their world. */
const writers = new WeakMap<readonly string[], FieldWriter>();

export function writerOf(fields: readonly string[]): FieldWriter {
  const known = writers.get(fields);
  if (known !== undefined) return known;
  const made = compile(fields) ?? loopOver(fields);
  writers.set(fields, made);
  return made;
}

/** The loop, where no code can be made. */
function loopOver(fields: readonly string[]): FieldWriter {
  return (encoder, event) => {
    for (const field of fields) encoder.value(Reflect.get(event, field));
  };
}

/** Undefined where the process forbids to make code. */
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
