package io.postflight.replay;

import java.util.BitSet;

/**
 * A Bloom filter of message ids (Bloom, "Space/time trade-offs in hash coding with allowable
 * errors", 1970): no false negatives; a positive must be verified. With 32 MiB and 4 probes, 20
 * million ids give one false positive in 200.
 */
final class MessageIdFilter {
  private static final int BITS = 1 << 28;
  private static final int PROBES = 4;

  private final BitSet bits = new BitSet();
  private long added;

  void add(String tenant, String messageId) {
    long hash = hash(tenant, messageId);
    for (int i = 0; i < PROBES; i++) {
      bits.set(probe(hash, i));
    }
    added++;
  }

  boolean mayContain(String tenant, String messageId) {
    if (added == 0) {
      return false;
    }
    long hash = hash(tenant, messageId);
    for (int i = 0; i < PROBES; i++) {
      if (!bits.get(probe(hash, i))) {
        return false;
      }
    }
    return true;
  }

  private static int probe(long hash, int i) {
    return (int) ((hash + i * (hash >>> 32 | 1)) & (BITS - 1));
  }

  /** FNV-1a over both, then the finalizer of SplitMix64. */
  private static long hash(String tenant, String messageId) {
    long hash = 0xcbf29ce484222325L;
    String both = tenant + '|' + messageId;
    for (int i = 0; i < both.length(); i++) {
      hash = (hash ^ both.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
