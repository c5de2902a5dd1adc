package io.postflight.store;

import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links of an id to other ids of the same person, as one cell: the later update replaces it,
 * and one without links deletes it. It does not expire, since links are kept as long as the ledger
 * of erasures.
 */
public final class IdentityRow extends Row {
  private static final String LINKS = "links";

  private final String alias;

  /**
   * Creates a row, whose write timestamp is the time of the update.
   *
   * @param identity the links that may be shown
   */
  public IdentityRow(AliasLinks identity) {
    super(
        new RowKey(
            PartitionKey.of(Table.IDENTITY, identity.getTenant(), identity.getAlias()), 0, ""),
        identity.getUpdatedAt() * 1000,
        identity.getUpdatedAt(),
        cells(identity.getLinks()));
    this.alias = identity.getAlias();
  }

  @Override
  public String describe() {
    return "identity of tenant %s: id %s".formatted(partition().tenant(), alias);
  }

  private static Map<String, @Nullable Object> cells(List<AliasLink> links) {
    return Collections.singletonMap(
        LINKS, links.isEmpty() ? null : links.stream().map(IdentityRow::stored).toList());
  }

  /** Without the time of an erasure, which only the topic {@code identity} has. */
  private static AliasLink stored(AliasLink link) {
    return new AliasLink(link.getAlias(), link.getRelation(), link.getAt(), link.getLastAt(), null);
  }

  /** Reads links from cells: the inverse of {@link Row#cells()} of an {@link IdentityRow}. */
  public static List<AliasLink> links(Map<String, ? extends @Nullable Object> cells) {
    return List.copyOf(new CellReader(cells).<AliasLink>list(LINKS));
  }
}
