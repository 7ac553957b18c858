/** That the roomy bounds are where the specification has them: hardly any run comes near them, so that runs have smaller ones. */
import { expect, it } from 'vitest';
import { LifecycleBroadcaster } from '../broadcast/broadcaster.ts';
import { quiesce } from '../broadcast/operation.ts';
import { broadcastPolicy } from '../broadcast/policy.ts';
import { MailBag, type RigChain, rigChain } from '../chain/chain-rig.testing.ts';
import { Replica } from '../chain/replica.ts';
import { NodeRuntime } from '../runtime/node.ts';
import { CLOSED } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';

it('1,024 broadcasts wait for the one under way, and no more', async () => {
  const clock = new VirtualClock();
  const runtime = new NodeRuntime(clock);
  const broadcaster = new LifecycleBroadcaster(runtime, broadcastPolicy(100n));
  runtime.spawn('broadcaster', () => broadcaster.run());
  const key = { instance: { kind: 'shared' }, serviceName: 'silent', serviceVersion: '1' } as const;
  let sent = 0;
  const send = (): void => {
    sent += 1;
  };
  broadcaster.register(key, { send }, true);
  const refused = (): boolean => broadcaster.ask(quiesce('maintenance')).tryReceive() === CLOSED;
  expect(refused()).toBe(false);
  await clock.settle();
  expect(sent).toBe(1);
  let waiting = 0;
  while (waiting < 2000 && !refused()) waiting += 1;
  expect(waiting).toBe(1024);
});

it('an entry of a copy may come 4,096 before its turn, and no sooner', () => {
  const owner = rigChain(1n);
  for (let seq = 1; seq <= 4098; seq += 1) owner.kept.append(Uint8Array.of(seq & 0xff));
  expect(lengthAfterEarly(owner, 4096)).toBe(4097);
  expect(lengthAfterEarly(owner, 4097)).toBe(4097);
});

/** How long a copy is that got one entry so far ahead of its turn, and then all those before it. */
function lengthAfterEarly(owner: RigChain, ahead: number): number {
  const copy = rigChain(1n);
  const replica = new Replica(copy.kept, new MailBag(), { reRequestMs: 100 });
  const deliver = (seq: number): void => replica.receive(owner.kept.log.frame(seq) ?? new Uint8Array(0), 0);
  deliver(1 + ahead);
  for (let seq = 1; seq <= ahead; seq += 1) deliver(seq);
  return copy.kept.log.length;
}
