import { describe, expect, it } from 'vitest';
import { CHAIN_BUFFER_CAPACITY } from '../ring/capacities.ts';
import { BufferingAppender, NoOpAppender } from './appenders.ts';
import type { ActionChainRecord, AdminAuditRecord, FailureRecord, LogRecord } from './records.ts';

/** One seam of the four: its default capacity and a record by number. The sources test each apart. */
interface Chain<R> {
  readonly name: string;
  readonly capacity: number;
  readonly sourceCapacity: number;
  readonly record: (number: bigint) => R;
}

const actionChain: Chain<ActionChainRecord> = {
  name: 'action',
  capacity: CHAIN_BUFFER_CAPACITY.action,
  sourceCapacity: 4096,
  record: (id) => ({ id, kind: 'start_daemon', emittedAtMs: 1_000_000n, disposition: { type: 'dispatched' } }),
};

const failureChain: Chain<FailureRecord> = {
  name: 'failure',
  capacity: CHAIN_BUFFER_CAPACITY.failure,
  sourceCapacity: 4096,
  record: (seq) => ({ seq, source: `source:${seq}`, reason: `reason ${seq}`, recordedAtMs: 1_000n + seq }),
};

const logChain: Chain<LogRecord> = {
  name: 'log',
  capacity: CHAIN_BUFFER_CAPACITY.log,
  sourceCapacity: 16_384,
  record: (seq) => ({
    seq,
    tsMs: 1_700_000_000_000n + seq,
    level: 'info',
    daemonId: 7n,
    nodeId: 100n,
    message: `message ${seq}`,
    chainPending: false,
  }),
};

const auditChain: Chain<AdminAuditRecord> = {
  name: 'admin-audit',
  capacity: CHAIN_BUFFER_CAPACITY['admin-audit'],
  sourceCapacity: 4096,
  record: (seq) => ({
    seq,
    tsMs: 1_700_000_000_000n + seq,
    nodeId: 100n,
    operator: 'operator',
    operation: 'drain',
    outcome: 'accepted',
    chainPending: false,
  }),
};

const numbers = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index + 1));

function describeAppenders<R>(chain: Chain<R>): void {
  describe(`the ${chain.name} chain`, () => {
    it('has a no-op appender that takes every record', () => {
      const appender = new NoOpAppender<R>();
      for (const number of numbers(2)) expect(appender.append(chain.record(number))).toBeNull();
    });

    it('has a buffering appender that collects records in order', () => {
      const appender = new BufferingAppender<R>(chain.capacity);
      for (const number of numbers(3)) expect(appender.append(chain.record(number))).toBeNull();
      expect(appender.records()).toEqual(numbers(3).map(chain.record));
      expect(appender.ring.newest).toEqual(chain.record(3n));
      expect(appender.length).toBe(3);
      expect(appender.droppedCount).toBe(0);
    });

    it('drops the oldest records once over capacity, and counts them', () => {
      const appender = new BufferingAppender<R>(2);
      for (const number of numbers(5)) appender.append(chain.record(number));
      expect(appender.records()).toEqual([chain.record(4n), chain.record(5n)]);
      expect(appender.length).toBe(2);
      expect(appender.droppedCount).toBe(3);
    });

    it('holds as many records as its source says, and one with capacity 0 holds one', () => {
      expect(chain.capacity).toBe(chain.sourceCapacity);
      const appender = new BufferingAppender<R>(0);
      for (const number of numbers(3)) appender.append(chain.record(number));
      expect(appender.records()).toEqual([chain.record(3n)]);
      expect(appender.droppedCount).toBe(2);
    });
  });
}

describeAppenders(actionChain);
describeAppenders(failureChain);
describeAppenders(logChain);
describeAppenders(auditChain);
