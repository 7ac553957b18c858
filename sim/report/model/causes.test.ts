import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../kernel/trace/trace.ts';
import type { SubjectReader, Subjects } from '../../world.ts';
import { causalEvents, fieldsText, subjectsByField } from './causes.ts';

type Fields = TraceRecord['fields'];

const record = (i: number, fields: Fields, kind = 'k'): TraceRecord => ({ atMs: i, task: `t${i}`, kind, fields });

/** Numbers of the events told for a violation at the last of these. */
function told(message: string, ...fields: readonly Fields[]): readonly number[] {
  const trace = fields.map((one, i) => record(i + 1, one));
  const causes = causalEvents(trace, { event: fields.length, message }, subjectsByField(), 10);
  return causes.map(({ number }) => number);
}

describe('what led to a violation, where a world does not say what its events are about', () => {
  it('are the events of the same operation', () => {
    expect(told('', { op: 'a', node: 1 }, { op: 'b', node: 1 }, { op: 'a', node: 2 })).toEqual([1, 3]);
  });

  it('are those of the same id on the same node', () => {
    const [of7, elsewhere, of8] = [
      { id: 7n, node: 1 },
      { id: 7n, node: 2 },
      { id: 8n, node: 1 },
    ];
    expect(told('', of7, elsewhere, of8, of7)).toEqual([1, 4]);
  });

  it('are those of the operation, else the task, that the message names', () => {
    const events: readonly Fields[] = [{ op: 'k1', node: 1 }, { op: 'k12', node: 2 }, { node: 2 }];
    expect(told('found k1, which is in hand', ...events)).toEqual([1, 3]);
    expect(told('t2 ended with Error', ...events)).toEqual([2, 3]);
  });

  it('are those of the same node, where nothing else is named', () => {
    expect(told('it broke', { node: 1 }, { node: 2 }, { node: 1 })).toEqual([1, 3]);
  });

  it('are none for a violation before the first event', () => {
    expect(told('')).toEqual([]);
  });
});

/** A world whose fields are the subjects, as they stand. */
const verbatim: SubjectReader = {
  of: ({ fields: { things = [], topics = [], follow = [] } }) => ({
    things: list(things),
    topics: list(topics),
    follow: list(follow),
  }),
  named: (text): Subjects => ({ things: text === '' ? [] : text.split(' ') }),
};

function list(value: Fields[string]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const numbers = (trace: readonly TraceRecord[], message = '', max = 10, atEnd?: true): readonly number[] =>
  causalEvents(trace, { event: trace.length, message, ...(atEnd === undefined ? {} : { atEnd }) }, verbatim, max).map(
    ({ number }) => number,
  );

describe('what led to a violation', () => {
  it('goes from one thing to what that was before', () => {
    const trace = [
      record(1, { things: ['op'] }),
      record(2, { things: ['other'] }),
      record(3, { things: ['op', 'action'] }),
      record(4, { things: ['action', 'entry'] }),
      record(5, { things: ['entry'] }),
    ];
    expect(numbers(trace)).toEqual([1, 3, 4, 5]);
  });

  it('tells what it hangs on, and goes no further from there', () => {
    const trace = [
      record(1, { things: ['neighbour'] }),
      record(2, { things: ['neighbour'], topics: ['life'] }),
      record(3, { things: ['op'], follow: ['life'] }),
      record(4, { things: ['op'] }),
    ];
    expect(numbers(trace)).toEqual([2, 3, 4]);
  });

  it('is about what the message names when it was seen at the end, not about the last event', () => {
    const trace = [record(1, { things: ['a'] }), record(2, { things: ['b'] }), record(3, { things: ['b'] })];
    expect(numbers(trace, 'a', 10, true)).toEqual([1]);
    expect(numbers(trace, 'a')).toEqual([1, 2, 3]);
  });

  it('has one of each sort before it has the second of any', () => {
    const trace = [
      record(1, { things: ['a'] }, 'begin'),
      ...Array.from({ length: 50 }, (_, i) => record(i + 2, { things: ['a'] }, 'again')),
      record(52, { things: ['a'] }, 'end'),
    ];
    expect(numbers(trace, '', 4)).toEqual([1, 50, 51, 52]);
  });

  it('takes events of one kind that went different ways for different sorts', () => {
    const trace = [
      record(1, { things: ['a'], outcome: 'full' }),
      record(2, { things: ['a'], outcome: 'sent' }),
      record(3, { things: ['a'], outcome: 'sent' }),
      record(4, { things: ['a'] }, 'end'),
    ];
    expect(numbers(trace, '', 3)).toEqual([1, 3, 4]);
  });
});

describe('the fields of an event', () => {
  it('stand in a line', () => {
    const fields = { n: 1n, bytes: new Uint8Array([1, 255]), said: 'a b', list: ['x', ['y', null]], plain: 'z' };
    expect(fieldsText(record(1, fields))).toBe('n=1 bytes=01ff said="a b" list=[x, [y, null]] plain=z');
  });
});
