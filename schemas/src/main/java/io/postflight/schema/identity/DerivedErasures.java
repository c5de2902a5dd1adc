package io.postflight.schema.identity;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;

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
      boolean covered =
          member.alias().equals(root.getUserId())
              && (root.getScope() == null
                  || member.scope() == null
                  || Objects.equals(root.getScope(), member.scope()));
      if (!covered) {
        derived.add(command(root, member));
      }
    }
    return derived;
  }

  private static Erasure command(Erasure root, AliasGroup.Member member) {
    ErasureScope scope = member.scope();
    return Erasure.newBuilder()
        .setId(ErasureIds.derived(root, member.alias(), scope))
        .setTenant(root.getTenant())
        .setUserId(member.alias())
        .setAt(root.getAt())
        .setRequestedBy(root.getRequestedBy())
        .setScope(scope)
        .setRoot(root.getId())
        .build();
  }
}
