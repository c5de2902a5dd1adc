package io.postflight.schema.topic;

import java.util.BitSet;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Positions of entries in a webhook's body, in the form of the headers {@link
 * DeadLetterHeaders#INDICES} and {@link RawHeaders#REDRIVE_INDICES}: decimal numbers with commas,
 * such as {@code 0,2,17}. To shorten long lists, ranges are written {@code from-to}, inclusive.
 */
public final class EntryIndices {
  /** Larger than the number of entries of any body. */
  private static final int TOO_MANY = 4 * 1024 * 1024;

  private static final int PLAIN_LENGTH = 8 * 1024;
  private static final Pattern PART = Pattern.compile("([0-9]{1,7})(?:-([0-9]{1,7}))?");

  private final BitSet indices;

  private EntryIndices(BitSet indices) {
    this.indices = indices;
  }

  /** These indices, each from 0 on. */
  public static EntryIndices of(Collection<Integer> indices) {
    BitSet set = new BitSet();
    indices.forEach(set::set);
    return new EntryIndices(set);
  }

  /**
   * Parses a header.
   *
   * @throws IllegalArgumentException if it is not a list of indices
   */
  public static EntryIndices parse(String header) {
    BitSet set = new BitSet();
    for (String part : header.split(",", -1)) {
      Matcher matcher = PART.matcher(part.trim());
      int from = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
      int to = from < 0 || matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
      if (from < 0 || to < from || to >= TOO_MANY) {
        throw new IllegalArgumentException(
            "'" + part + "' is not an index of an entry; allowed: 0,2,17 or 0-5,9");
      }
      set.set(from, to + 1);
    }
    return new EntryIndices(set);
  }

  /** Whether an entry is included. */
  public boolean contains(int index) {
    return indices.get(index);
  }

  /** The value of the header. */
  public String toHeader() {
    StringBuilder plain = new StringBuilder();
    for (int i = indices.nextSetBit(0); i >= 0; i = indices.nextSetBit(i + 1)) {
      if (plain.length() > PLAIN_LENGTH) {
        return runs();
      }
      plain.append(plain.isEmpty() ? "" : ",").append(i);
    }
    return plain.toString();
  }

  private String runs() {
    StringBuilder text = new StringBuilder();
    for (int from = indices.nextSetBit(0); from >= 0; ) {
      int end = indices.nextClearBit(from);
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (end > from + 1) {
        text.append('-').append(end - 1);
      }
      from = indices.nextSetBit(end);
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryIndices that && indices.equals(that.indices);
  }

  @Override
  public int hashCode() {
    return indices.hashCode();
  }

  @Override
  public String toString() {
    return toHeader();
  }
}
