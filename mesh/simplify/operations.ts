/** Operations with plainer contents: actions that wait for nothing, short texts, small numbers. */
import type { MeshOsAction } from '../../src/action/action.ts';
import { type Edit, type MeshScenario, type Operation, onOperation } from './edit.ts';

/** The plainest action: admitted at once, and without a window of its own. */
export const PLAIN_ACTION: MeshOsAction = { kind: 'reduce_heat', blob: 1n, by: 1 };

export function* operationEdits({ workload }: MeshScenario): Generator<Edit> {
  for (const { key } of workload) for (const edit of EDITS) yield onOperation(key, edit);
}

const EDITS: readonly ((operation: Operation) => Operation | null)[] = [
  (operation) => (operation.kind === 'submit' ? { ...operation, action: PLAIN_ACTION } : null),
  (operation) => (operation.kind === 'submit' ? { ...operation, action: plainer(operation.action) } : null),
  (operation) => (operation.kind === 'submit' ? { ...operation, action: plainExtras(operation.action) } : null),
  (operation) => ('forMs' in operation && operation.forMs > 1 ? { ...operation, forMs: operation.forMs >> 1 } : null),
  (operation) => (operation.kind === 'gate-daemon' ? { ...operation, daemon: PLAIN_DAEMON } : null),
  (operation) => (operation.kind === 'log' ? { ...operation, message: 'm', level: 'info', daemonId: null } : null),
  (operation) =>
    operation.kind === 'admin' ? { ...operation, operator: 'o', operation: 'p', outcome: 'accepted' } : null,
  (operation) =>
    operation.kind === 'broadcast' ? { ...operation, operation: { kind: 'quiesce', reason: 'maintenance' } } : null,
];

const PLAIN_DAEMON = { id: 1n, name: 'd' };

/** The same kind of action with small values. */
export function plainer(action: MeshOsAction): MeshOsAction {
  switch (action.kind) {
    case 'pull_replica':
      return { ...action, chain: 1n, source: 1n };
    case 'drop_replica':
      return { ...action, chain: 1n };
    case 'migrate_blob':
      return { ...action, blob: 1n, from: 1n, to: 2n };
    case 'start_daemon':
      return { ...action, daemon: PLAIN_DAEMON };
    case 'stop_daemon':
      return { ...action, daemon: PLAIN_DAEMON, reason: 'r', deadlineMs: 0 };
    case 'apply_backoff':
      return { ...action, daemon: PLAIN_DAEMON, untilMs: 0 };
    default:
      return action;
  }
}

/** The same action to the same chain or daemon, with small values elsewhere. */
function plainExtras(action: MeshOsAction): MeshOsAction {
  switch (action.kind) {
    case 'pull_replica':
      return { ...action, source: 1n };
    case 'stop_daemon':
      return { ...action, reason: 'r', deadlineMs: 0 };
    case 'apply_backoff':
      return { ...action, untilMs: 0 };
    default:
      return action;
  }
}
