/**
 * What a node's journal owes: an operation for it that the loop took out of the inbox stands in the next record of the log
 * or audit chain, in the words in which it was given. Logs the loop also writes of its own accord, audit entries never.
 */
import type { AdminAuditRecord, LogRecord } from '../../../src/chain/records.ts';
import type { NodeInput } from '../../../src/node/ports.ts';
import { inWords } from './actions.ts';
import { wellFormed } from './wire/records.ts';

type Given = Extract<NodeInput, { kind: 'log' | 'admin' }>;

/** Each method gives what is wrong, in one sentence, or null. */
export class Journal {
  /** Offered to the inbox, by operation. */
  private readonly offered = new Map<string, Given>();
  /** Taken out last, without a record so far. */
  private owed: Given | null = null;

  offer(op: string, given: NodeInput): void {
    if (given.kind === 'log' || given.kind === 'admin') this.offered.set(op, given);
  }

  /** The loop goes on to other things. */
  goesOn(node: number): string | null {
    if (this.owed === null) return null;
    return `expected a record of ${inWords(this.owed)} on node ${node} before its loop went on, found none`;
  }

  take(op: string, input: NodeInput['kind']): void {
    if (input !== 'log' && input !== 'admin') return;
    this.owed = this.offered.get(op) ?? null;
    this.offered.delete(op);
  }

  logged(record: LogRecord, node: number): string | null {
    const asked = this.owed?.kind === 'log' ? this.owed : null;
    if (asked !== null) this.owed = null;
    const same =
      asked === null ||
      (sameText(record.message, asked.message) && record.level === asked.level && record.daemonId === asked.daemonId);
    if (same && record.nodeId === BigInt(node)) return null;
    const expected = asked === null ? 'by which node it was made' : inWords(asked);
    return `expected the log record of node ${node} to say ${expected}, found ${inWords(record)}`;
  }

  audited(record: AdminAuditRecord, node: number): string | null {
    const asked = this.owed?.kind === 'admin' ? this.owed : null;
    if (asked === null)
      return `expected no audit record on node ${node} that nobody asked for, found ${inWords(record)}`;
    this.owed = null;
    const same =
      sameText(record.operator, asked.operator) &&
      sameText(record.operation, asked.operation) &&
      record.outcome === asked.outcome &&
      record.nodeId === BigInt(node);
    if (same) return null;
    return `expected the audit record of node ${node} to say ${inWords(asked)}, found ${inWords(record)}`;
  }
}

/** As it was given, or with its lone surrogates replaced. */
function sameText(found: string, given: string): boolean {
  return found === given || found === wellFormed(given);
}
