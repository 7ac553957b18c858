/** Broadcasts of node 1 of a fake mesh, event by event. */
import type { BroadcastResult } from '../../../src/broadcast/operation-result.ts';
import type { MeshEvent } from '../../events.ts';
import { backendKey } from '../../system/backends.ts';
import type { FakeMesh } from './fake-mesh.testing.ts';

type Result = Extract<MeshEvent, { kind: 'broadcast-result' }>;
export type Lists = Partial<Pick<Result, 'acks' | 'timeouts' | 'failures' | 'skippedDead' | 'timeoutMs'>>;

export class FakeBroadcaster {
  private readonly mesh: FakeMesh;
  private endpoints = 0;
  /** The newest endpoint of each backend. */
  private readonly registered = new Map<string, number>();
  /** What the next result says of itself besides its lists. */
  quiesced: 'maintenance' | 'idle_timeout' = 'maintenance';
  miscount = 0;
  /** What stands beside each timed-out backend, if it is not the timeout of the result. */
  waitedMs: bigint | null = null;
  /** Whether those who ask are given their results at once. */
  replies = true;
  private readonly results = new Map<string, BroadcastResult>();
  private readonly clients = new Map<string, { result: BroadcastResult | null }>();

  constructor(mesh: FakeMesh) {
    this.mesh = mesh;
  }

  private get at() {
    return this.mesh.node(1).at;
  }

  pause(): void {
    this.mesh.emit({ kind: 'pause', ...this.at });
  }

  resume(): void {
    this.mesh.emit({ kind: 'resume', ...this.at });
  }

  /** Whoever asked is given the result. */
  reply(op: string): void {
    const client = this.clients.get(op);
    if (client !== undefined) client.result = this.results.get(op) ?? null;
  }

  /** `replaced`: the endpoint that the broadcaster gives back. */
  register(backend: string, live = true, replaced = this.registered.get(backend) ?? 0): number {
    const endpoint = ++this.endpoints;
    this.registered.set(backend, endpoint);
    this.mesh.emit({ kind: 'backend-register', ...this.at, op: `r${endpoint}`, backend, endpoint, live, replaced });
    return endpoint;
  }

  /** `found`: what the broadcaster says. */
  live(backend: string, live: boolean, found = this.registered.has(backend)): void {
    this.mesh.emit({ kind: 'backend-live', ...this.at, op: 'l', backend, live, found });
  }

  ask(op: string): void {
    const operation = { kind: 'quiesce', reason: 'maintenance' } as const;
    const client = { result: null };
    this.clients.set(op, client);
    this.mesh.emit({ kind: 'broadcast', ...this.at, op, given: { kind: 'broadcast', node: 1, operation }, client });
  }

  send(op: string, backend: string, endpoint: number, operation = 'quiesce maintenance'): void {
    this.mesh.emit({ kind: 'backend-send', ...this.at, op, backend, endpoint, operation });
  }

  answer(op: string, backend: string, endpoint: number, answer = 'ack'): void {
    this.mesh.emit({ kind: 'backend-answer', ...this.at, op, backend, endpoint, answer });
  }

  result(op: string, lists: Lists): void {
    const sent = (lists.acks ?? []).length + (lists.timeouts ?? []).length + (lists.failures ?? []).length;
    const result: BroadcastResult = {
      operation: { kind: 'quiesce', reason: this.quiesced },
      acks: (lists.acks ?? []).map(backendKey),
      timeouts: (lists.timeouts ?? []).map((backend) => ({
        key: backendKey(backend),
        timeoutMs: this.waitedMs ?? BigInt(lists.timeoutMs ?? 500),
      })),
      failures: (lists.failures ?? []).map(([backend]) => ({ key: backendKey(backend), reason: 'rejected' })),
      skippedDead: (lists.skippedDead ?? []).map(backendKey),
      sentCount: sent + this.miscount,
      allLiveBackendsAcked: sent === (lists.acks ?? []).length,
    };
    this.mesh.emit({
      kind: 'broadcast-result',
      ...this.at,
      op,
      acks: [],
      timeouts: [],
      failures: [],
      skippedDead: [],
      timeoutMs: 500,
      ...lists,
      result,
    });
    this.results.set(op, result);
    if (this.replies) this.reply(op);
  }
}
