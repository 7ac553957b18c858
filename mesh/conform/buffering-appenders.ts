/** Checks `buffering-appenders.jsonl`: what a buffering appender keeps of the ids appended to it, and how many it drops. */
import { z } from 'zod';
import { BufferingAppender } from '../../src/chain/appenders.ts';
import type { ActionChainRecord, Appender, FailureRecord, LogRecord } from '../../src/chain/records.ts';
import { CHAIN_BUFFER_CAPACITY } from '../../src/ring/capacities.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { capped, count, u64 } from './shapes.ts';

/** First and last id of consecutive ids. */
const range = z.tuple([u64, u64]);
type Range = z.output<typeof range>;

const vector = z.strictObject({
  name: z.string(),
  appender: z.enum(['action', 'failure', 'log']),
  capacity: capped.nullable(),
  append_id_ranges: z.array(range),
  expected: z.strictObject({ len: count, id_ranges: z.array(range), dropped_count: count }),
});

type Vector = z.output<typeof vector>;

export const checkBufferingAppender = checkerOf(vector, (recorded) =>
  firstDifference(recorded.expected, outcome(recorded)),
);

function outcome({ appender: chain, capacity, append_id_ranges: ranges }: Vector): Vector['expected'] {
  const size = capacity ?? CHAIN_BUFFER_CAPACITY[chain];
  switch (chain) {
    case 'action':
      return outcomeOf(new BufferingAppender<ActionChainRecord>(size), ranges, actionRecord, ({ id }) => id);
    case 'failure':
      return outcomeOf(new BufferingAppender<FailureRecord>(size), ranges, failureRecord, ({ seq }) => seq);
    case 'log':
      return outcomeOf(new BufferingAppender<LogRecord>(size), ranges, logRecord, ({ seq }) => seq);
  }
}

function outcomeOf<R>(
  appender: BufferingAppender<R>,
  ranges: readonly Range[],
  recordOf: (id: bigint) => R,
  idOf: (record: R) => bigint,
): Vector['expected'] {
  appendAll(appender, ranges, recordOf);
  return {
    len: appender.length,
    id_ranges: rangesOf(appender.records().map(idOf)),
    dropped_count: appender.droppedCount,
  };
}

function appendAll<R>(appender: Appender<R>, ranges: readonly Range[], recordOf: (id: bigint) => R): void {
  for (const [first, last] of ranges) {
    for (let id = first; id <= last; id += 1n) {
      const error = appender.append(recordOf(id));
      if (error !== null) throw new Error(error.message);
    }
  }
}

/** Joins ids into runs of consecutive ids. */
function rangesOf(ids: readonly bigint[]): Range[] {
  const ranges: Range[] = [];
  for (const id of ids) {
    const newest = ranges.at(-1);
    if (newest !== undefined && newest[1] + 1n === id) newest[1] = id;
    else ranges.push([id, id]);
  }
  return ranges;
}

function actionRecord(id: bigint): ActionChainRecord {
  return { id, kind: 'start_daemon', emittedAtMs: 0n, disposition: { type: 'dispatched' } };
}

function failureRecord(seq: bigint): FailureRecord {
  return { seq, source: 'source', reason: 'reason', recordedAtMs: 0n };
}

function logRecord(seq: bigint): LogRecord {
  return { seq, tsMs: 0n, level: 'info', daemonId: null, nodeId: null, message: 'message', chainPending: false };
}
