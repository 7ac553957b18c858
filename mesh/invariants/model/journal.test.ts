import { describe, expect, it } from 'vitest';
import type { AdminAuditRecord, LogRecord } from '../../../src/chain/records.ts';
import type { NodeInput } from '../../../src/node/ports.ts';
import { Journal } from './journal.ts';

const log: NodeInput = { kind: 'log', level: 'info', daemonId: 5n, message: 'm' };
const admin: NodeInput = { kind: 'admin', operator: 'o', operation: 'drain', outcome: 'accepted' };

const logged: LogRecord = {
  seq: 1n,
  tsMs: 0n,
  level: 'info',
  daemonId: 5n,
  nodeId: 1n,
  message: 'm',
  chainPending: false,
};

const audited: AdminAuditRecord = {
  seq: 1n,
  tsMs: 0n,
  nodeId: 1n,
  operator: 'o',
  operation: 'drain',
  outcome: 'accepted',
  chainPending: false,
};

function taken(given: NodeInput): Journal {
  const journal = new Journal();
  journal.offer('k', given);
  journal.take('k', given.kind);
  return journal;
}

describe('a log entry that was asked for', () => {
  it('says what was asked, and is then no longer owed', () => {
    const journal = taken(log);
    expect(journal.goesOn(1)).toBe(
      'expected a record of {kind: "log", level: "info", daemonId: 5, message: "m"} on node 1 before its loop went on, found none',
    );
    expect(journal.logged(logged, 1)).toBeNull();
    expect(journal.goesOn(1)).toBeNull();
  });

  it.each([{ message: 'other' }, { level: 'warn' }, { daemonId: null }, { nodeId: 2n }] satisfies Partial<LogRecord>[])(
    'may not say otherwise: %o',
    (change) => {
      expect(taken(log).logged({ ...logged, ...change }, 1)).toContain(
        'expected the log record of node 1 to say {kind: "log", level: "info", daemonId: 5, message: "m"}, found {',
      );
    },
  );

  it('may have its lone surrogates replaced, and nothing else', () => {
    const given: NodeInput = { ...log, message: 'a\ud800' };
    expect(taken(given).logged({ ...logged, message: 'a\ud800' }, 1)).toBeNull();
    expect(taken(given).logged({ ...logged, message: 'a\ufffd' }, 1)).toBeNull();
    expect(taken(given).logged({ ...logged, message: 'a' }, 1)).not.toBeNull();
  });
});

describe('a log entry that nobody asked for', () => {
  it('may say anything, as the node that it comes from', () => {
    const journal = new Journal();
    expect(journal.logged({ ...logged, message: 'handed over', level: 'debug', daemonId: null }, 1)).toBeNull();
    expect(journal.logged({ ...logged, nodeId: 2n }, 1)).toContain('to say by which node it was made, found {');
  });

  it('leaves an audit entry owed', () => {
    const journal = taken(admin);
    expect(journal.logged(logged, 1)).toBeNull();
    expect(journal.goesOn(1)).toContain('expected a record of {kind: "admin"');
  });
});

describe('an audit entry', () => {
  it('says what was asked, and is then no longer owed', () => {
    const journal = taken(admin);
    expect(journal.audited(audited, 1)).toBeNull();
    expect(journal.goesOn(1)).toBeNull();
    expect(journal.audited(audited, 1)).toContain('expected no audit record on node 1 that nobody asked for, found {');
  });

  it.each([
    { operator: 'other' },
    { operation: 'other' },
    { outcome: 'rejected' },
    { nodeId: 2n },
  ] satisfies Partial<AdminAuditRecord>[])('may not say otherwise: %o', (change) => {
    expect(taken(admin).audited({ ...audited, ...change }, 1)).toContain(
      'expected the audit record of node 1 to say {kind: "admin", operator: "o", operation: "drain", outcome: "accepted"}, found {',
    );
  });

  it('is not what a log entry asked for', () => {
    expect(taken(log).audited(audited, 1)).toContain('that nobody asked for');
  });
});

describe('what is neither log nor audit', () => {
  it('owes nothing, whatever its operation is called', () => {
    const journal = new Journal();
    const action = { kind: 'reduce_heat', blob: 1n, by: 1 } as const;
    journal.offer('k', { kind: 'submit', action });
    journal.take('k', 'submit');
    expect(journal.goesOn(1)).toBeNull();
    journal.offer('l', log);
    journal.take('l', 'submit');
    expect(journal.goesOn(1)).toBeNull();
    journal.take('k', 'log');
    expect(journal.goesOn(1)).toBeNull();
  });

  it('is owed once for each time it was offered', () => {
    const journal = taken(log);
    expect(journal.logged(logged, 1)).toBeNull();
    journal.take('k', 'log');
    expect(journal.goesOn(1)).toBeNull();
  });
});
