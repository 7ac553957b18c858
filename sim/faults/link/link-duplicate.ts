/** Messages of a link arrive twice. */
import type { FaultParts } from '../parts.ts';
import { drawOnLinks, type LinkFaultKind, type LinkTarget, onOneLink } from './link.ts';

export interface LinkDuplicate extends LinkTarget {
  readonly kind: 'link-duplicate';
  readonly forMs: number;
}

export const linkDuplicate = {
  ...onOneLink<LinkDuplicate>(),
  kind: 'link-duplicate',
  schema: ({ z, link }: FaultParts) => z.strictObject({ ...link, kind: z.literal('link-duplicate') }),
  draw: (stream, hardness, context) =>
    drawOnLinks(stream, hardness, context, (link, forMs) => ({ kind: 'link-duplicate', ...link, forMs })),
  onSend: (flight) => {
    flight.copies = 2;
  },
} satisfies LinkFaultKind<LinkDuplicate>;
