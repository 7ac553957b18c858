import { expect, it } from 'vitest';
import {
  AUDIT_RING_CAPACITY,
  CHAIN_BUFFER_CAPACITY,
  INBOX_CAPACITY,
  LOG_RING_CAPACITY,
  RECENT_FAILURES_CAPACITY,
} from './capacities.ts';

it('rings, appenders and inboxes hold what the specification says (docs/specification/control-plane.md, sections 2 and 7)', () => {
  expect(CHAIN_BUFFER_CAPACITY).toEqual({ action: 4096, failure: 4096, log: 16384, 'admin-audit': 4096 });
  expect([RECENT_FAILURES_CAPACITY, LOG_RING_CAPACITY, AUDIT_RING_CAPACITY]).toEqual([256, 2048, 256]);
  expect(INBOX_CAPACITY).toBe(1024);
});
