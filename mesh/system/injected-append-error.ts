/** The append error that a fault gives in a chain's place; told by its type from those of the system under test. */
import { AppendError, type ChainName } from '../../src/chain/records.ts';

export class InjectedAppendError extends AppendError {
  constructor(chain: ChainName, fault: string) {
    super(chain, `refused by fault ${fault}`);
  }
}
