/** Actions for the tests of the windows of admission. */
import type { DaemonRef, MeshOsAction } from '../../../src/action/action.ts';

export const pull = (chain: bigint): MeshOsAction => ({ kind: 'pull_replica', chain, source: 9n });
export const drop = (chain: bigint): MeshOsAction => ({ kind: 'drop_replica', chain });
export const migrate = (blob: bigint): MeshOsAction => ({ kind: 'migrate_blob', blob, from: 1n, to: 2n });
export const start = (daemon: DaemonRef): MeshOsAction => ({ kind: 'start_daemon', daemon });
