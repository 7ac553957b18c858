/** Edits of a scenario whose faults are all of the hardware: for the `edits` of a world. */
import { allAlong, plainer, SHORTER, SIMPLER_VALUES } from '../faults/edits.ts';
import type { HardwareFault } from '../faults/hardware.ts';
import type { KeyedFault, OperationBase, Scenario, ScenarioEdit } from '../world.ts';

type Fault = KeyedFault & HardwareFault;

const EDITS: readonly ((fault: Fault) => Fault | null)[] = [plainer, ...SIMPLER_VALUES, allAlong, ...SHORTER];

export function* hardwareEdits<Config, Operation extends OperationBase>({
  faults,
}: Scenario<Config, Operation, HardwareFault>): Generator<ScenarioEdit<Config, Operation, HardwareFault>> {
  for (const { key } of faults) {
    for (const edit of EDITS) {
      yield (scenario) => {
        const fault = scenario.faults.find((candidate) => candidate.key === key);
        const simpler = fault === undefined ? null : edit(fault);
        if (simpler === null || JSON.stringify(simpler) === JSON.stringify(fault)) return null;
        return { ...scenario, faults: scenario.faults.map((other) => (other === fault ? simpler : other)) };
      };
    }
  }
}
