package io.postflight.schema.identity;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The commands that extend the erasure of a user to all ids of the person. */
@NullMarked
public final class DerivedErasures {
  private DerivedErasures() {}

  /**
   * The commands that a requested one needs to cover a person, in the order of the members: one for
   * each other id, and one for its own id if the rows that are the person's there are others than
   * the request covers.
   *
   * @param root the requested command, on a user
   * @param group the ids of its user's person at its time
   */
  public static List<Erasure> of(Erasure root, AliasGroup group) {
    List<Erasure> derived = new ArrayList<>(group.members().size());
    for (AliasGroup.Member member : group.members()) {
      ErasureScope scope = scope(member, root.getAt());
      boolean covered =
          member.alias().equals(root.getUserId())
              && (root.getScope() == null
                  || scope == null
                  || Objects.equals(root.getScope(), scope));
      if (!covered) {
        derived.add(command(root, member.alias(), scope));
      }
    }
    return derived;
  }

  /**
   * The scope of a command on an id of the person. On a lease it leaves rows that name another
   * person, also if none is known yet.
   *
   * @param at time of the command, epoch milliseconds
   */
  public static @Nullable ErasureScope scope(AliasGroup.Member member, long at) {
    return ErasureScopes.until(scope(member), at);
  }

  /** The same, for a command of any time. */
  public static @Nullable ErasureScope scope(AliasGroup.Member member) {
    return member.scope() == null && AliasKind.of(member.alias()).isLease()
        ? new ErasureScope(List.of(), member.periods())
        : member.scope();
  }

  private static Erasure command(Erasure root, String alias, @Nullable ErasureScope scope) {
    return Erasure.newBuilder()
        .setId(ErasureIds.derived(root, alias, scope))
        .setTenant(root.getTenant())
        .setUserId(alias)
        .setAt(root.getAt())
        .setRequestedBy(root.getRequestedBy())
        .setScope(scope)
        .setRoot(root.getId())
        .build();
  }
}
