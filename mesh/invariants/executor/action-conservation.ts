/**
 * No submission is lost and none ends twice. Each is followed from the offer to its end, by what the ports show: inbox,
 * executor's queue, admission, dispatcher. The executor's chains are used only for the actions that it fails at its close,
 * which no other port shows. Whether such an append succeeds makes no difference.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshOsAction } from '../../../src/action/action.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { CLOSED_REASON, inWords, Putoffs, sameData } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

type Stage = 'collected' | 'queued' | 'in hand' | 'deferred' | 'admitted' | 'dispatching' | 'ended';

interface Submission {
  readonly op: string;
  readonly action: MeshOsAction;
  stage: Stage;
  /** How it ended. */
  end: string;
}

/**
 * What was accepted and not yet taken out, in the order in which it was offered. As a rule it is taken out in that order.
 */
class Inbox {
  private readonly offered: Submission[] = [];
  private head = 0;

  put(submission: Submission): void {
    this.offered.push(submission);
  }

  take(op: string): Submission | undefined {
    const first = this.offered[this.head];
    if (first?.op === op) {
      this.head++;
      return first;
    }
    const index = this.offered.findIndex((submission, i) => i >= this.head && submission.op === op);
    return index < 0 ? undefined : this.offered.splice(index, 1)[0];
  }

  get first(): Submission | undefined {
    return this.offered[this.head];
  }
}

class Book {
  readonly inc: number;
  readonly inbox = new Inbox();
  /** Things of any kind in the inbox. */
  inInbox = 0;
  /** Taken out. The k-th has action id k and stands at k - 1. */
  readonly taken: Submission[] = [];
  readonly putoffs: Putoffs;
  queued = 0;
  queueClosed = false;
  /** Id last handed over. */
  handed = 0n;
  /** Number handed to the executor and not ended. */
  open = 0;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  end(submission: Submission, end: string): void {
    submission.stage = 'ended';
    submission.end = end;
    this.open--;
  }

  firstOpen(): Submission | undefined {
    return this.taken.find((submission) => submission.stage !== 'ended' && submission.stage !== 'collected');
  }

  firstUnended(): string | undefined {
    for (const submission of this.taken) {
      if (submission.stage !== 'ended') return `${submission.op}, which is ${submission.stage}`;
    }
    const { first } = this.inbox;
    return first === undefined ? undefined : `${first.op}, which is in the inbox`;
  }
}

function named(node: number, book: Book, id: bigint): string {
  return `action ${id} of node ${node} (incarnation ${book.inc})`;
}

function stageOf(submission: Submission): string {
  return submission.stage === 'ended' ? `ended (${submission.end})` : submission.stage;
}

export const actionConservation: Invariant<MeshEvent, MeshView> = {
  id: 'action-conservation',
  holds: 'every submission ends exactly once: dispatched, failed, gated, dropped, refused, or lost with its node',
  create(context) {
    const { config } = context.view;
    const books = new Incarnations((_node, inc) => new Book(inc, config.maxDefers));
    /** By node: it has crashed and not started again. */
    const down: boolean[] = Array.from({ length: config.nodes + 1 }, () => false);
    let settled = false;

    /** The submission behind an action id, at a port where it should be at `expected`. */
    function at(book: Book, node: number, id: bigint, what: string, expected: Stage, or: Stage): Submission | null {
      const submission = book.taken[numberOf(id) - 1];
      if (submission === undefined) {
        context.violate(
          `expected only submitted actions to be ${what}, found ${named(node, book, id)}, which nobody submitted`,
        );
        return null;
      }
      if (submission.stage !== expected && submission.stage !== or) {
        const wanted = expected === or ? expected : `${expected} or ${or}`;
        context.violate(
          `expected ${named(node, book, id)} (${submission.op}) to be ${wanted} when it was ${what}, found it ${stageOf(submission)}`,
        );
        return null;
      }
      return submission;
    }

    function sameAction(book: Book, node: number, id: bigint, found: MeshOsAction, given: Submission): void {
      if (found === given.action || sameData(found, given.action)) return;
      context.violate(
        `expected ${named(node, book, id)} to be what ${given.op} submitted, ${inWords(given.action)}, found ${inWords(found)}`,
      );
    }

    function putOff(book: Book, submission: Submission, id: bigint): void {
      if (book.putoffs.allow(numberOf(id))) submission.stage = 'deferred';
      else book.end(submission, 'failed for want of budget');
    }

    return {
      on: {
        boot(event) {
          down[event.node] = false;
          books.of(event.node, event.inc);
        },
        crash(event) {
          down[event.node] = true;
          books.end(event.node);
        },
        settled() {
          settled = true;
        },
        offer(event) {
          if (event.outcome === 'closed') {
            if (!settled && down[event.node] !== true) {
              context.violate(
                `expected ${event.op} to be refused only while node ${event.node} is down, found it refused by a running node`,
              );
            }
            return;
          }
          if (down[event.node] === true) {
            context.violate(
              `expected ${event.op} to be refused, because node ${event.node} is down, found '${event.outcome}'`,
            );
            return;
          }
          const book = books.of(event.node, event.inc);
          if (event.outcome === 'full') {
            if (book.inInbox < config.inboxCapacity) {
              context.violate(
                `expected ${event.op} to be dropped only by a full inbox of ${config.inboxCapacity}, found it dropped with ${book.inInbox} waiting`,
              );
            }
            return;
          }
          book.inInbox++;
          if (event.given.kind !== 'submit') return;
          book.inbox.put({ op: event.op, action: event.given.action, stage: 'collected', end: '' });
        },
        take(event) {
          const book = books.of(event.node, event.inc);
          book.inInbox--;
          if (event.input !== 'submit') return;
          const submission = book.inbox.take(event.op);
          if (submission === undefined) {
            context.violate(
              `expected node ${event.node} to take out of its inbox what it accepted and has not taken yet, found ${event.op}`,
            );
            return;
          }
          book.taken.push(submission);
        },
        enqueue(event) {
          const book = books.of(event.node, event.inc);
          const submission = at(book, event.node, event.id, 'handed to the executor', 'collected', 'collected');
          if (submission === null) return;
          if (event.pending.id !== event.id) {
            context.violate(
              `expected the id ${event.id} with ${named(event.node, book, event.id)}, found ${event.pending.id}`,
            );
            return;
          }
          sameAction(book, event.node, event.id, event.pending.action, submission);
          if (event.id > book.handed + 1n) {
            const left = book.taken[numberOf(book.handed)];
            context.violate(
              `expected every action that node ${event.node} collected to be handed to its executor in turn, next ${book.handed + 1n} (${left?.op}), found ${event.id}`,
            );
            return;
          }
          book.handed = event.id;
          if (event.outcome === 'closed') {
            submission.stage = 'ended';
            submission.end = 'refused, queue closed';
            if (!book.queueClosed && !settled) {
              context.violate(
                `expected ${named(event.node, book, event.id)} to be refused only by a closed queue, found it refused by an open one`,
              );
            }
          } else if (event.outcome === 'full') {
            submission.stage = 'ended';
            submission.end = 'dropped, queue full';
            if (book.queued < config.queueCapacity) {
              context.violate(
                `expected ${named(event.node, book, event.id)} to be dropped only by a full queue of ${config.queueCapacity}, found it dropped with ${book.queued} waiting`,
              );
            }
          } else {
            submission.stage = 'queued';
            book.queued++;
            book.open++;
            if (book.queueClosed) {
              context.violate(
                `expected the closed queue of node ${event.node} to refuse ${named(event.node, book, event.id)}, found it accepted`,
              );
            }
          }
        },
        'queue-close'(event) {
          books.of(event.node, event.inc).queueClosed = true;
        },
        dequeue(event) {
          const book = books.of(event.node, event.inc);
          const submission = at(book, event.node, event.id, 'taken by the executor', 'queued', 'queued');
          if (submission === null) return;
          submission.stage = 'in hand';
          book.queued--;
        },
        admit(event) {
          const book = books.of(event.node, event.inc);
          const submission = at(book, event.node, event.id, 'decided on by admission', 'in hand', 'deferred');
          if (submission === null) return;
          if (event.decision === 'admit') submission.stage = 'admitted';
          else if (event.decision === 'gate') book.end(submission, 'gated');
          else putOff(book, submission, event.id);
        },
        dispatch(event) {
          const book = books.of(event.node, event.inc);
          const submission = at(book, event.node, event.id, 'dispatched', 'admitted', 'admitted');
          if (submission === null) return;
          submission.stage = 'dispatching';
          sameAction(book, event.node, event.id, event.pending.action, submission);
        },
        'dispatch-end'(event) {
          const book = books.of(event.node, event.inc);
          const submission = at(book, event.node, event.id, 'answered by the dispatcher', 'dispatching', 'dispatching');
          if (submission === null) return;
          if (event.result === 'ok') book.end(submission, 'dispatched');
          else if (event.result === 'failed' && event.retryAfterMs !== null) putOff(book, submission, event.id);
          else book.end(submission, 'failed');
        },
        'append-failure'(event) {
          if (event.reason !== CLOSED_REASON) return;
          const id = Number(event.source.split(':')[1] ?? 0);
          const book = books.of(event.node, event.inc);
          const submission = book.taken[id - 1];
          if (submission?.stage === 'deferred') book.end(submission, CLOSED_REASON);
        },
        'append-action'(event) {
          if (event.type !== 'failed' || event.ms !== null) return;
          const book = books.of(event.node, event.inc);
          const submission = book.taken[numberOf(event.id) - 1];
          if (submission?.stage === 'deferred') book.end(submission, event.reason ?? CLOSED_REASON);
        },
        'executor-end'(event) {
          const book = books.of(event.node, event.inc);
          if (book.open === 0) return;
          const first = book.firstOpen();
          context.violate(
            `expected every action handed to the executor of node ${event.node} to have ended with it, found ${book.open} that did not, first ${first?.op}, which is ${first?.stage}`,
          );
        },
      },
      end() {
        books.forEach((book, node) => {
          const unended = book.firstUnended();
          if (unended !== undefined) {
            context.violate(
              `expected every submission to node ${node} to have ended by the end of the run, found ${unended}`,
            );
          }
        });
      },
    };
  },
};
