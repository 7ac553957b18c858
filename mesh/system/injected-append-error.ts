/** The append error that a fault returns in a chain's place. Its type tells it from errors of the system under test. */
import { AppendError, type ChainName } from '../../src/chain/records.ts';

export class InjectedAppendError extends AppendError {
  constructor(chain: ChainName, fault: string) {
    super(chain, `refused by fault ${fault}`);
  }
}
