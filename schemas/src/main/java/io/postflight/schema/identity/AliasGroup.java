package io.postflight.schema.identity;

import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.Period;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a person.
 *
 * @param members the id that was asked for first
 * @param truncated whether the person has more ids than a group may have
 */
@NullMarked
public record AliasGroup(List<Member> members, boolean truncated) {
  /** Maximum number of members. */
  public static final int MAX_MEMBERS = 32;

  /** Copies the list. */
  public AliasGroup {
    members = List.copyOf(members);
  }

  /**
   * An id of the person.
   *
   * @param alias the id
   * @param scope the rows under the id that are the person's; null: all
   */
  public record Member(String alias, @Nullable ErasureScope scope) {
    /** Whether a row under the id is the person's; parameters as in {@link ErasureScopes}. */
    public boolean has(@Nullable String other, long time) {
      return ErasureScopes.covers(scope, other, time);
    }

    /** When the id is or was the person's: in any period, also without an end. */
    public List<Period> periods() {
      return scope == null
          ? List.of(new Period(Long.MIN_VALUE, Long.MAX_VALUE))
          : scope.getPeriods();
    }
  }

  /** An id without links. */
  public static AliasGroup of(String alias) {
    return new AliasGroup(List.of(new Member(alias, null)), false);
  }

  /** All ids. */
  public List<String> aliases() {
    return members.stream().map(Member::alias).toList();
  }
}
