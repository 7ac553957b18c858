/**
 * `node dist/tools/lint/check-imports.js`, in the project's root: prints what breaks the import direction, and exits with 1
 * if anything does.
 */
import { checkImports } from './import-direction.ts';

/** Imports that stand for their kind: of a value and of a type alone, within a folder and between two. */
const { modules, imports, faults } = checkImports('.', [
  ['src/executor/executor.ts', 'src/runtime/port.ts'],
  ['src/executor/ports.ts', 'src/action/action.ts'],
  ['sim/world.ts', 'sim/invariant/invariant.ts'],
]);
for (const fault of faults) {
  console.error(fault);
}
console.log(`${modules} modules, ${imports} imports, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
