package io.postflight.topology.identity;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.DerivedErasures;
import io.postflight.schema.identity.GroupSearch;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.identity.LinkUpdates;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.route.TenantResolver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the links of each id of a tenant, and extends the erasure of a user to all ids of the
 * person. All records of a tenant are in one partition, so that links and erasures are joined in
 * one order; the result does not depend on it: a link that becomes known after an erasure extends
 * it, with the same command that would have been derived before.
 *
 * <p>Idempotent: a record that is read again changes nothing, and derived commands have ids that
 * depend on their content only.
 */
public final class IdentityProcessor
    extends ContextualProcessor<String, IdentityRecord, String, Object> {
  /** Store of {@link AliasLinks}, by {@code tenant|alias}. */
  public static final String LINKS = "alias-links";

  /** Store of {@link RequestedErasures}. */
  public static final String ERASURES = "user-erasures";

  /** Node that links are forwarded to. */
  public static final String IDENTITY = "identity";

  /** Node that derived commands and notices are forwarded to. */
  public static final String LEDGER = "derived-erasures";

  /** Most ids that are searched for erasures which a new link may extend. */
  private static final int MOST_SEARCHED = 256;

  /** Most commands that are derived from one: bounds the size of its notice. */
  private static final int MOST_DERIVED = 1_000;

  private final TenantResolver tenants;
  private final Set<String> tiers;
  private final @Nullable Duration tierRetention;
  private final TopologyMetrics metrics;

  private KeyValueStore<String, AliasLinks> links;
  private RequestedErasures requested;

  /** Links that were read for the current record: the same erasures lead to the same ids. */
  private final Map<String, List<AliasLink>> read = new HashMap<>();

  /** What the current record has changed, by id. */
  private final Map<String, AliasLinks> changed = new LinkedHashMap<>();

  /**
   * @param tiers that are configured
   * @param tierRetention how long a tier may hold rows of a tenant after the tenant left it; null:
   *     indefinitely
   * @param metrics counts what is beyond a limit
   */
  @SuppressWarnings("NullAway.Init") // stores are known in init()
  public IdentityProcessor(
      TenantResolver tenants,
      Set<String> tiers,
      @Nullable Duration tierRetention,
      TopologyMetrics metrics) {
    this.metrics = metrics;
    this.tenants = tenants;
    this.tiers = tiers;
    this.tierRetention = tierRetention;
  }

  /** Node that the rows of a tier are forwarded to. */
  public static String tierNode(String tier) {
    return "identity-" + LifecycleProcessor.tierNode(tier);
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    super.init(context);
    links = context.getStateStore(LINKS);
    requested = new RequestedErasures(context.getStateStore(ERASURES));
  }

  @Override
  public void process(Record<String, IdentityRecord> record) {
    IdentityRecord named = record.value();
    changed.clear();
    read.clear();
    Erasure command = named.getCommand();
    if (command == null) {
      learn(named, record.timestamp());
    } else if (!requested.contains(command)) {
      requested.add(command);
      extend(command, null, record.timestamp());
    }
    changed.values().forEach(each -> forward(each, named.getReceivedAt()));
  }

  private void learn(IdentityRecord named, long timestamp) {
    LinkUpdates.of(named)
        .forEach(
            (alias, more) -> {
              List<AliasLink> known = linksOf(named.getTenant(), alias);
              List<AliasLink> joined = LinkUpdates.join(alias, known, more);
              if (!names(joined, more)) {
                metrics.limit("LINKS_EXHAUSTED");
              }
              update(named.getTenant(), alias, known, joined, named);
            });
    if (!changed.isEmpty() && requested.anyOf(named.getTenant())) {
      Set<String> covered = new HashSet<>();
      for (Erasure each : near(named.getTenant(), named.getIds())) {
        if (each.getScope() != null || !covered.contains(each.getUserId())) {
          covered.addAll(extend(each, named.getIds(), timestamp));
        }
      }
    }
  }

  private static boolean names(List<AliasLink> links, List<AliasLink> others) {
    Set<String> named = new HashSet<>();
    links.forEach(link -> named.add(link.getAlias()));
    return others.stream().allMatch(link -> named.contains(link.getAlias()));
  }

  /** The erasures of all ids that are linked to these, directly or not; the latest first. */
  private List<Erasure> near(String tenant, Collection<String> ids) {
    Set<String> found = new LinkedHashSet<>(ids);
    Deque<String> open = new ArrayDeque<>(ids);
    Map<String, Erasure> erasures = new HashMap<>();
    while (!open.isEmpty()) {
      String alias = open.remove();
      requested.ofUser(tenant, alias).forEach(each -> erasures.put(each.getId(), each));
      for (AliasLink link : linksOf(tenant, alias)) {
        if (found.size() < MOST_SEARCHED && found.add(link.getAlias())) {
          open.add(link.getAlias());
        }
      }
    }
    if (found.size() >= MOST_SEARCHED) {
      metrics.limit("SEARCH_EXHAUSTED");
    }
    List<Erasure> latest = new ArrayList<>(erasures.values());
    latest.sort(Comparator.comparingLong(Erasure::getAt).thenComparing(Erasure::getId).reversed());
    return latest;
  }

  /**
   * Appends the commands that an erasure lacks, and a notice that names all.
   *
   * @param learnt ids with new links; null: the command is new, and a notice is due in any case
   * @param timestamp of the appended records: of the record that causes them, since Kafka deletes
   *     records by it
   * @return ids all of whose rows up to the time of the command are erased, so that earlier
   *     commands on them need no extension
   */
  private Set<String> extend(Erasure command, @Nullable Collection<String> learnt, long timestamp) {
    AliasGroup group = group(command);
    if (learnt != null && Collections.disjoint(group.aliases(), learnt)) {
      return Set.of();
    }
    if (group.truncated()) {
      metrics.limit("GROUP_TRUNCATED");
    }
    hide(command, group);
    Set<String> known = new TreeSet<>();
    if (command.getDerived() != null) {
      known.addAll(command.getDerived());
    }
    boolean news = learnt == null;
    List<Erasure> all = DerivedErasures.of(command, group);
    for (Erasure derived : all) {
      if (known.size() >= MOST_DERIVED && !known.contains(derived.getId())) {
        metrics.limit("EXTENSIONS_EXHAUSTED");
      } else if (known.add(derived.getId())) {
        news = true;
        forward(derived.getId(), derived, timestamp, LEDGER);
      }
    }
    if (news) {
      Erasure notice = Erasure.newBuilder(command).setDerived(List.copyOf(known)).build();
      requested.put(notice);
      forward(notice.getId(), notice, timestamp, LEDGER);
    }
    return group.truncated()
        ? Set.of()
        : all.stream()
            .filter(derived -> derived.getScope() == null && known.contains(derived.getId()))
            .map(derived -> String.valueOf(derived.getUserId()))
            .collect(Collectors.toSet());
  }

  private AliasGroup group(Erasure command) {
    String user = Objects.requireNonNull(command.getUserId(), "user_id");
    return GroupSearch.group(
        user, command.getAt(), command.getUsedAt(), alias -> linksOf(command.getTenant(), alias));
  }

  /** Hides the links between the ids of an erased person, until an event names both again. */
  private void hide(Erasure command, AliasGroup group) {
    Set<String> all = new HashSet<>(group.aliases());
    for (String alias : group.aliases()) {
      List<AliasLink> known = linksOf(command.getTenant(), alias);
      List<AliasLink> hidden = LinkUpdates.erased(known, command.getAt(), all::contains);
      update(command.getTenant(), alias, known, hidden, null);
    }
  }

  private void update(
      String tenant,
      String alias,
      List<AliasLink> before,
      List<AliasLink> after,
      @Nullable IdentityRecord named) {
    String key = RecordKeys.ofUser(tenant, alias);
    AliasLinks known = links.get(key);
    boolean needed = named != null && isNewTier(known, named);
    if (after.equals(before) && !needed) {
      return;
    }
    long updatedAt = named == null ? 0 : named.getReceivedAt();
    if (known != null) {
      updatedAt = Math.max(updatedAt, known.getUpdatedAt() + 1);
    }
    AliasLinks next = new AliasLinks(tenant, alias, updatedAt, after);
    links.put(key, next);
    read.put(key, after);
    if (needed || changed.containsKey(alias) || LinkUpdates.differ(before, after)) {
      changed.put(alias, next);
    }
  }

  /** Whether the tenant's tier does not have the links yet, because the tenant has moved to it. */
  private boolean isNewTier(@Nullable AliasLinks known, IdentityRecord named) {
    return known != null
        && tenants
            .now(named.getTenant())
            .map(tenant -> tenant.getTiers().get(tenant.getTiers().size() - 1).getFrom())
            .filter(from -> from <= named.getReceivedAt() && from > known.getUpdatedAt())
            .isPresent();
  }

  private List<AliasLink> linksOf(String tenant, String alias) {
    return read.computeIfAbsent(
        RecordKeys.ofUser(tenant, alias),
        key -> {
          AliasLinks known = links.get(key);
          return known == null ? List.of() : known.getLinks();
        });
  }

  /** Sends links to the topic, and those that may be shown to the tables. */
  private void forward(AliasLinks updated, long arrivedAt) {
    String key = RecordKeys.ofUser(updated.getTenant(), updated.getAlias());
    forward(key, updated, updated.getUpdatedAt(), IDENTITY);
    AliasLinks shown =
        new AliasLinks(
            updated.getTenant(),
            updated.getAlias(),
            updated.getUpdatedAt(),
            LinkUpdates.shown(updated.getAlias(), updated.getLinks()));
    TierRecord row =
        new TierRecord(updated.getTenant(), List.of(), null, arrivedAt, null, null, shown);
    for (String tier : tiersOf(updated.getTenant(), arrivedAt)) {
      if (tiers.contains(tier)) {
        forward(key, row, arrivedAt, tierNode(tier));
      }
    }
  }

  private List<String> tiersOf(String tenant, long at) {
    return tenants
        .now(tenant)
        .map(known -> TenantTiers.tiersStillHolding(known, at, tier -> tierRetention))
        .orElse(List.of());
  }

  private void forward(String key, Object value, long timestamp, String node) {
    context().forward(new Record<>(key, value, Math.max(0, timestamp), new RecordHeaders()), node);
  }
}
