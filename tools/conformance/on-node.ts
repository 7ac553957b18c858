/**
 * Runs the programs on plain Node, one after the other, and prints the logs that each has shown.
 *
 * A program is over when Node says that nothing keeps the process going (`beforeExit`). Then the next one begins.
 *
 * `node dist/tools/conformance/on-node.js TIMES`
 */
import { PROGRAMS } from './programs.ts';

const times = Number(process.argv[2] ?? 1);
const shown = PROGRAMS.map(() => new Set<string>());
let begun = 0;
let entries: string[] | undefined;

process.on('beforeExit', () => {
  if (entries !== undefined) shown[(begun - 1) % PROGRAMS.length]?.add(entries.join(' '));
  entries = undefined;
  if (begun === times * PROGRAMS.length) {
    process.stdout.write(JSON.stringify(shown.map((logs) => [...logs])));
    process.exit(0);
  }
  const program = PROGRAMS[begun % PROGRAMS.length];
  begun += 1;
  const own: string[] = [];
  entries = own;
  const ran: unknown = program?.run((what) => own.push(String(what)));
  Promise.resolve(ran).catch((error: unknown) => own.push(`rejected:${String(error)}`));
  // Without this, a program that does nothing later would be the last: `beforeExit` comes again only after a turn of the
  // loop.
  setImmediate(() => {});
});
