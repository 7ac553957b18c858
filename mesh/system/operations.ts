/** The operations of a run by key, with the name of their draws and how often each was tried. */
import { type Name, rootName } from '../../sim/kernel/choices/name.ts';

/** One submission on its way through a node. */
export interface OperationState {
  readonly key: string;
  readonly name: Name;
  /** Dispatches so far. */
  attempts: number;
  /** Records appended to the action chain so far. */
  records: number;
}

/** The name under which an operation's draws stand. A burst's submissions stand under their fault. */
export function operationName(key: string): Name {
  const slash = key.indexOf('/');
  if (slash < 0) return rootName.child('op', key);
  return rootName.child('fault', key.slice(0, slash)).child('n', Number(key.slice(slash + 1)));
}

export function operationState(key: string): OperationState {
  return { key, name: operationName(key), attempts: 0, records: 0 };
}
