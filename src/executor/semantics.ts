/**
 * What an executor does where net-mesh 0.21.0 has defects: one field a behaviour, so that the code that differs asks
 * about the behaviour and never about the name of a preset. `strict` is how it should be; `netMesh021` is how the
 * recorded vectors say it is. (docs/specification/control-plane.md, section 6, "Semantics presets".)
 */
export interface ExecutorSemantics {
  readonly name: 'strict' | 'netMesh021';
  /** Whether a retried attempt stands on the failure ring as it does on the chain, or on the chain only. */
  readonly retriedAttempts: 'ring-and-chain' | 'chain-only';
  /** Source and reason of a ring entry: the fold's, so that both rings match, or upstream's own. */
  readonly ringWording: 'as-folded' | 'upstream';
  /** Whether ring entry and chain record of one outcome share one reading of the wall clock. */
  readonly wallReads: 'one' | 'one-each';
  /** What happens to actions that are still deferred when the queue has closed. */
  readonly deferredAtClose: 'failed' | 'lost';
  /** In which order actions of equal deadline are taken. */
  readonly equalDeadlines: 'first-set-first' | 'as-std-binary-heap';
  /** What happens if the call of `dispatch` (not its promise) or the backpressure hook throws. */
  readonly thrownInCall: 'counted' | 'ends-executor';
  /** When a lower depth is noticed without new traffic. */
  readonly backpressureRelease: 'after-each-action' | 'on-idle-tick';
  /** Whether a configuration that flaps (off mark not below its on mark) is accepted. */
  readonly flappingMarks: 'refused' | 'accepted';
}

/** How an executor should behave; the default everywhere. */
export const strict: ExecutorSemantics = {
  name: 'strict',
  retriedAttempts: 'ring-and-chain',
  ringWording: 'as-folded',
  wallReads: 'one',
  deferredAtClose: 'failed',
  equalDeadlines: 'first-set-first',
  thrownInCall: 'counted',
  backpressureRelease: 'after-each-action',
  flappingMarks: 'refused',
};

/** How net-mesh 0.21.0 behaves, defects included, as recorded in the vectors. */
export const netMesh021: ExecutorSemantics = {
  name: 'netMesh021',
  retriedAttempts: 'chain-only',
  ringWording: 'upstream',
  wallReads: 'one-each',
  deferredAtClose: 'lost',
  equalDeadlines: 'as-std-binary-heap',
  thrownInCall: 'ends-executor',
  backpressureRelease: 'on-idle-tick',
  flappingMarks: 'accepted',
};
