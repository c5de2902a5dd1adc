package io.postflight.schema.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The links that events of a tenant have made known. */
final class People {
  static final String NUMBER = "491701234567";
  static final String OTHER_NUMBER = "491709999999";
  static final String MAIL = "ada@example.com";
  static final String ADA = "DE.111";
  static final String BOB = "DE.222";
  static final String HIDDEN = "99887766@lid";

  private final Map<String, List<AliasLink>> links = new HashMap<>();

  /** An event that names these ids. */
  People named(long at, String... ids) {
    return learn(new IdentityRecord("acme", at, at, List.of(ids), List.of(), null));
  }

  /** A change of numbers. */
  People moved(long at, String from, String to, String... more) {
    List<String> ids = new ArrayList<>(List.of(from, to));
    ids.addAll(List.of(more));
    return learn(new IdentityRecord("acme", at, at, ids, List.of(from), null));
  }

  People learn(IdentityRecord named) {
    LinkUpdates.of(named)
        .forEach(
            (id, more) ->
                links.put(id, LinkUpdates.join(id, links.getOrDefault(id, List.of()), more)));
    return this;
  }

  /** With the links that may be shown, as readers find them. */
  People shown() {
    People shown = new People();
    links.forEach((id, all) -> shown.links.put(id, LinkUpdates.shown(id, all)));
    return shown;
  }

  Map<String, List<AliasLink>> links() {
    return links;
  }

  AliasGroup group(String alias, long at) {
    return group(alias, at, null);
  }

  AliasGroup group(String alias, long at, @Nullable Long usedAt) {
    return GroupSearch.group(alias, at, usedAt, each -> links.getOrDefault(each, List.of()));
  }

  /** Whether a row is the person's who has {@code of}. */
  boolean has(String of, long at, String user, @Nullable String alias, long time) {
    return group(of, at).members().stream()
        .anyMatch(member -> member.alias().equals(user) && member.has(alias, time));
  }
}
