/** How much each ring, each buffering appender and an inbox holds unless told otherwise, in items. */
import type { ChainName } from '../chain/records.ts';

/** Of the buffering appender of each chain. */
export const CHAIN_BUFFER_CAPACITY: Readonly<Record<ChainName, number>> = {
  action: 4096,
  failure: 4096,
  log: 16384,
  'admin-audit': 4096,
};

/** Of a ring of recent failures: the executor's and the snapshot's. */
export const RECENT_FAILURES_CAPACITY = 256;

/** Of a node's inbox. */
export const INBOX_CAPACITY = 1024;

/** Of what the network has delivered to a node and it has not looked at yet. */
export const INBOUND_CAPACITY = 4096;

/** Of the entries that a replica keeps which came before their turn. */
export const EARLY_ENTRIES_CAPACITY = 4096;

/** Of the broadcasts that wait for the one under way. */
export const WAITING_BROADCASTS_CAPACITY = 1024;

/** Of a node's log ring. */
export const LOG_RING_CAPACITY = 2048;

/** Of a node's admin-audit ring. */
export const AUDIT_RING_CAPACITY = 256;
