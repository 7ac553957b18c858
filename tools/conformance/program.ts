/**
 * Small programs that run on plain Node and on a virtual host: what each may log there, and why.
 *
 * `logs` is complete: Node shows nothing else, and a virtual host shows all of it. So a program must not rely on anything
 * that a slow machine upsets: between any two calls real time may pass, and timers may come late.
 */
export type Log = (what: unknown) => void;

export interface Program {
  readonly name: string;
  readonly why: string;
  /** Each is a whole log, with spaces between its entries. */
  readonly logs: readonly string[];
  readonly run: (log: Log) => unknown;
}

export function program(name: string, why: string, logs: readonly string[], run: (log: Log) => unknown): Program {
  return { name, why, logs, run };
}

/** An error in words: its class, its name and its code. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return `no-error:${String(error)}`;
  const code: unknown = Reflect.get(error, 'code');
  return [error.constructor.name, error.name, ...(typeof code === 'string' ? [code] : [])].join(':');
}
