/** Broadcasts of node 1 of a fake mesh, event by event. */
import type { MeshEvent } from '../events.ts';
import type { FakeMesh } from './fake-mesh.testing.ts';

type Result = Extract<MeshEvent, { kind: 'broadcast-result' }>;
export type Lists = Partial<Pick<Result, 'acks' | 'timeouts' | 'failures' | 'skippedDead' | 'timeoutMs'>>;

export class FakeBroadcaster {
  private readonly mesh: FakeMesh;
  private endpoints = 0;
  /** What the next result says of itself beside its lists. */
  quiesced: 'maintenance' | 'idle_timeout' = 'maintenance';
  miscount = 0;

  constructor(mesh: FakeMesh) {
    this.mesh = mesh;
  }

  private get at() {
    return this.mesh.node(1).at;
  }

  register(backend: string, live = true): number {
    const endpoint = ++this.endpoints;
    this.mesh.emit({ kind: 'backend-register', ...this.at, op: `r${endpoint}`, backend, endpoint, live });
    return endpoint;
  }

  live(backend: string, live: boolean): void {
    this.mesh.emit({ kind: 'backend-live', ...this.at, op: 'l', backend, live });
  }

  ask(op: string): void {
    const operation = { kind: 'quiesce', reason: 'maintenance' } as const;
    this.mesh.emit({ kind: 'broadcast', ...this.at, op, given: { kind: 'broadcast', node: 1, operation } });
  }

  send(op: string, backend: string, endpoint: number, operation = 'quiesce maintenance'): void {
    this.mesh.emit({ kind: 'backend-send', ...this.at, op, backend, endpoint, operation });
  }

  answer(op: string, backend: string, endpoint: number, answer = 'ack'): void {
    this.mesh.emit({ kind: 'backend-answer', ...this.at, op, backend, endpoint, answer });
  }

  result(op: string, lists: Lists): void {
    const sent = (lists.acks ?? []).length + (lists.timeouts ?? []).length + (lists.failures ?? []).length;
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
      result: {
        operation: { kind: 'quiesce', reason: this.quiesced },
        acks: [],
        timeouts: [],
        failures: [],
        skippedDead: [],
        sentCount: sent + this.miscount,
        allLiveBackendsAcked: sent === (lists.acks ?? []).length,
      },
    });
  }
}
