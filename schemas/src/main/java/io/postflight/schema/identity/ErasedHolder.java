package io.postflight.schema.identity;

import org.jspecify.annotations.NullMarked;

/**
 * What stands in the links of a lease in place of an erased id, so that the periods of others do
 * not grow over the time in which the erased person had the lease. It names the kind of the id and
 * nothing else of it.
 */
@NullMarked
final class ErasedHolder {
  /** No id of a user begins with it. */
  private static final char MARK = '\u0000';

  private ErasedHolder() {}

  /**
   * In place of an id.
   *
   * @param number distinguishes the erased ids of one lease
   */
  static String of(AliasKind kind, int number) {
    return MARK + kind.name() + MARK + number;
  }

  static boolean is(String id) {
    return !id.isEmpty() && id.charAt(0) == MARK && id.indexOf(MARK, 1) > 0;
  }

  /** The kind of the erased id; PLATFORM if it is none of them. */
  static AliasKind kind(String id) {
    String name = id.substring(1, id.indexOf(MARK, 1));
    for (AliasKind kind : AliasKind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return AliasKind.PLATFORM;
  }
}
