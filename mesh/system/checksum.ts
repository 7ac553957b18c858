/**
 * The checksum that an entry carries, read from its last four bytes as they are: the trace shows it, so that its reader can
 * tell one entry from another and a damaged one from an intact one. Whether it is right is for others to say.
 */
export function checksumAtEnd(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  if (at < 0) return -1;
  // Byte by byte: this is asked for with every message and every write.
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
