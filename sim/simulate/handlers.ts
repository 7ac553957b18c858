/** What a body gives back: the handlers of the operations that its options declare, no more and no fewer. */
import { mistakeIn, type Site } from './author-mistake.ts';
import type { OperationDeclarations } from './options.ts';

type Handler = (values: object) => unknown;
export type Handlers = ReadonlyMap<string, Handler>;

interface Declared {
  readonly operations: OperationDeclarations;
  /** Where the test is declared. */
  readonly site: Site;
}

/** The handlers that a body gives, which are those of the operations that the options declare. */
export function handlersOf(given: unknown, { operations, site }: Declared): Handlers {
  const handlers = new Map<string, Handler>();
  // Without operations a body gives whatever its last expression is.
  const isAsked = Object.keys(operations).length > 0;
  if (!isAsked && !hasFinally(given)) return handlers;
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw mistakeIn(site, `the body gives ${typeof given}, expected an object with a handler for each operation`);
  }
  for (const [kind, handler] of Object.entries(given ?? {})) {
    if (typeof handler !== 'function') throw mistakeIn(site, `${kind}: expected a handler, found ${typeof handler}`);
    if (kind !== 'finally' && !Object.hasOwn(operations, kind)) {
      const declared = Object.keys(operations).join(', ');
      throw mistakeIn(
        site,
        `${kind}: a handler of no operation; operations declares ${declared === '' ? 'none' : declared}`,
      );
    }
    handlers.set(kind, (values) => Reflect.apply(handler, given, [values]));
  }
  const missing = Object.keys(operations).find((kind) => !handlers.has(kind));
  if (missing !== undefined) throw mistakeIn(site, `the body gives no handler for the operation '${missing}'`);
  return handlers;
}

function hasFinally(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'finally' in given && typeof given.finally === 'function';
}
