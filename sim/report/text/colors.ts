/** Colour for people at a terminal. None in a pipe or a file, or where NO_COLOR is set. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function colorsFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colors {
  return picocolors.createColors(stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb');
}
