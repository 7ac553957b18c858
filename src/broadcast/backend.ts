/**
 * A backend as the lifecycle broadcast sees it: a key, whether it lives, and what reached it.
 * (Source: running-process 4.5.5, lifecycle broadcast and backend registry.)
 */
import type { BackendResponse, BroadcastOperation } from './operation.ts';

/** Which broker instance a backend belongs to. */
export type BrokerInstance =
  | { readonly kind: 'shared' }
  | { readonly kind: 'private'; readonly serviceName: string }
  | { readonly kind: 'explicit'; readonly name: string };

export interface BackendKey {
  readonly instance: BrokerInstance;
  readonly serviceName: string;
  readonly serviceVersion: string;
}

/** A backend of the model, which answers every broadcast as scripted. */
export interface BroadcastBackend {
  readonly key: BackendKey;
  readonly live: boolean;
  readonly response: BackendResponse;
  /** What was sent to it, in order. */
  readonly received: readonly BroadcastOperation[];
}

/** Whether two keys name the same backend: equal in every field. */
export function sameBackendKey(a: BackendKey, b: BackendKey): boolean {
  return (
    a.serviceName === b.serviceName && a.serviceVersion === b.serviceVersion && sameInstance(a.instance, b.instance)
  );
}

function sameInstance(a: BrokerInstance, b: BrokerInstance): boolean {
  switch (a.kind) {
    case 'shared':
      return b.kind === 'shared';
    case 'private':
      return b.kind === 'private' && a.serviceName === b.serviceName;
    case 'explicit':
      return b.kind === 'explicit' && a.name === b.name;
  }
}

/** A live backend that nothing has reached yet. */
export function liveBackend(key: BackendKey, response: BackendResponse = { kind: 'ack' }): BroadcastBackend {
  return { key, live: true, response, received: [] };
}

/** A dead backend, which broadcasts pass over. */
export function deadBackend(key: BackendKey, response: BackendResponse = { kind: 'ack' }): BroadcastBackend {
  return { ...liveBackend(key, response), live: false };
}
