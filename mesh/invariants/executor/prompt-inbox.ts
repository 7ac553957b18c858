/** What enters the inbox of a running node is taken out in the same millisecond, or when the node resumes. */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';

class Inbox {
  waiting = 0;
  /** When what waits must be taken out. */
  byMs = 0;
  paused = false;
}

export const promptInbox: Invariant<MeshEvent, MeshView> = {
  id: 'prompt-inbox',
  holds: 'what is in the inbox of a running node is taken out in the millisecond in which it came',
  create(context) {
    const inboxes = new Incarnations(() => new Inbox());

    function punctual(inbox: Inbox, node: number): void {
      if (inbox.waiting === 0 || inbox.paused || context.now() <= inbox.byMs) return;
      context.violate(
        `expected node ${node} to take out at ${inbox.byMs} ms what was in its inbox, found ${inbox.waiting} still there at ${context.now()} ms`,
      );
    }

    function current({ node, inc }: { readonly node: number; readonly inc: number }): Inbox {
      const inbox = inboxes.of(node, inc);
      punctual(inbox, node);
      return inbox;
    }

    return {
      on: {
        offer(event) {
          const inbox = current(event);
          if (event.outcome !== 'sent') return;
          if (inbox.waiting === 0) inbox.byMs = context.now();
          inbox.waiting++;
        },
        take(event) {
          current(event).waiting--;
        },
        'append-log': current,
        pause(event) {
          current(event).paused = true;
        },
        resume(event) {
          const inbox = current(event);
          inbox.paused = false;
          inbox.byMs = context.now();
        },
        crash(event) {
          current(event);
          inboxes.end(event.node);
        },
      },
      end() {
        inboxes.forEach(punctual);
      },
    };
  },
};
