/**
 * The author of a world, an invariant or a scenario broke a rule of the interface. The stack says where, if anything can.
 */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}
