/**
 * The checksum that an entry carries, read from its last four bytes as they are: the trace shows it, so that its reader can
 * tell one entry from another and a damaged one from an intact one. Whether it is right is for others to say.
 */
export function checksumAtEnd(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  if (at < 0) return -1;
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
