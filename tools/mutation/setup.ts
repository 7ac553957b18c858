/**
 * A property that fails has noticed a mutation. Nobody reads its smallest case, and finding it takes longer than all the
 * rest.
 */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
