/** Messages of a link are lost. */
import type { FaultParts } from '../parts.ts';
import { drawOnLinks, type LinkFaultKind, type LinkTarget, onOneLink } from './link.ts';

export interface LinkLoss extends LinkTarget {
  readonly kind: 'link-loss';
  readonly forMs: number;
}

export const linkLoss = {
  ...onOneLink<LinkLoss>(),
  kind: 'link-loss',
  schema: ({ z, link }: FaultParts) => z.strictObject({ ...link, kind: z.literal('link-loss') }),
  draw: (stream, hardness, context) =>
    drawOnLinks(stream, hardness, context, (link, forMs) => ({ kind: 'link-loss', ...link, forMs })),
  onSend: (flight) => {
    flight.fate = 'lost';
  },
} satisfies LinkFaultKind<LinkLoss>;
