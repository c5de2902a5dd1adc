package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.store.KeyLimits;
import io.postflight.store.MessageColumns;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.RowScanner;
import io.postflight.store.RowScanner.ScannedRow;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Erases whatever the ledger and the tier's topic cover from tables that were loaded from backups,
 * by scanning every row: restored rows may not be reachable by enumeration. The timeline partition
 * may be hidden by a newer tombstone, and the row of a group message, which leads to the timelines
 * of its participants, may be missing: a restore skips it if its user was erased.
 *
 * <p>So the commands that the lifecycle has derived for single messages are read from the topic,
 * {@link ScanSettings#mostCommands} at a time, each time followed by a scan: memory is bounded.
 * More than one scan is rare.
 *
 * <p>Four passes, so that rows that lead to others are deleted last and an interrupted scan can be
 * repeated:
 *
 * <ol>
 *   <li>{@code message}: collects messages erased with their user, in a Bloom filter.
 *   <li>{@code timeline}: rows of an erased user, of an erased message, and of a message erased
 *       with its user, on any timeline.
 *   <li>{@code message_by_time}: rows of erased messages and users.
 *   <li>{@code message}.
 * </ol>
 *
 * <p>Deletes have the command's time as write timestamp, or the row's newest write if that is
 * later: what is created after a user's erasure is newer than both and is kept.
 */
public final class RecoveryScan {
  private static final int CONCURRENCY = 64;

  private final TierReplay replay;
  private final ScanSettings settings;
  private final ReplayStore store;
  private final Consumer<ScanProgress> progress;
  private final RequestRetry retry;
  private final RowRate rate;
  private final ArrayDeque<RowRequest> pending = new ArrayDeque<>();
  private final long begun = System.nanoTime();

  private MessageIdFilter erasedWithUserIds = new MessageIdFilter();
  private ErasureIndex index = new ErasureIndex();
  private long scanned;
  private long erased;

  /** The timeline partition of the last row, if rows of it were deleted. */
  private @Nullable PartitionKey changed;

  /** The same, if all that its user had before an erasure was deleted. */
  private @Nullable PartitionKey deleted;

  private int pass;

  private record RowRequest(Supplier<CompletionStage<Long>> work, CompletionStage<Long> result) {}

  private static final List<Table> PASSES =
      List.of(Table.MESSAGE, Table.TIMELINE, Table.MESSAGE_BY_TIME, Table.MESSAGE);

  private RecoveryScan(
      TierReplay replay,
      ReplayStore store,
      ScanSettings settings,
      Consumer<ScanProgress> progress) {
    this.replay = replay;
    this.settings = settings;
    this.store = store;
    this.progress = progress;
    this.retry = new RequestRetry(replay.timeout());
    this.rate = new RowRate(settings.rate(), System::nanoTime);
  }

  /**
   * Reads the ledger and the tier's topics to their current ends, then all tables, and erases what
   * the commands cover.
   *
   * @param progress receives the progress periodically
   * @throws ReplayException if a required server is unavailable; completed work is kept, and the
   *     scan can be repeated
   * @throws InterruptedException if the thread is interrupted
   */
  public static RecoveryReport run(
      TierReplay replay, ReplayStore store, ScanSettings settings, Consumer<ScanProgress> progress)
      throws InterruptedException {
    try (RangeReader reader = new RangeReader(replay, null);
        TierRecordDecoder decoder = new TierRecordDecoder(replay)) {
      return new RecoveryScan(replay, store, settings, progress).run(reader, decoder);
    } catch (InterruptException interrupted) {
      throw RangeReader.interrupted(interrupted);
    }
  }

  private RecoveryReport run(RangeReader reader, TierRecordDecoder decoder)
      throws InterruptedException {
    Map<TopicPartition, OffsetRange> unread = reader.spansFrom(0);
    int subjects;
    do {
      pass = 0;
      index = KnownErasures.read(replay).index();
      erasedWithUserIds = new MessageIdFilter();
      subjects = index.size();
      int most = subjects + settings.mostCommands();
      unread = KnownErasures.readCommands(reader, decoder, unread, index::add, () -> hasRoom(most));
      scanTables();
    } while (!unread.isEmpty());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return new RecoveryReport(scanned, erased, subjects, millis);
  }

  private boolean hasRoom(int most) {
    report(0);
    return index.size() < most;
  }

  private void scanTables() throws InterruptedException {
    for (; pass < PASSES.size() && index.size() > 0; pass++) {
      for (int slice = 0; slice < settings.slices(); slice++) {
        scan(PASSES.get(pass), slice);
        report(slice + 1);
      }
      awaitAll();
    }
  }

  private void scan(Table table, int slice) throws InterruptedException {
    ByteBuffer after = null;
    do {
      ByteBuffer from = after;
      RowScanner.ScanPage page =
          retry.get(
              () ->
                  store.scanner().scan(table, slice, settings.slices(), from, settings.pageRows()));
      rate.await(page.rows().size(), () -> report(slice));
      scanned += page.rows().size();
      for (ScannedRow row : page.rows()) {
        if (!row.key().partition().equals(changed)) {
          repairPointers();
        }
        inspect(table, row);
      }
      after = page.next();
    } while (after != null);
    repairPointers();
  }

  private void inspect(Table table, ScannedRow row) throws InterruptedException {
    switch (table) {
      case MESSAGE -> {
        if (pass == 0) {
          note(row);
        } else {
          message(row);
        }
      }
      case MESSAGE_BY_TIME -> listed(row);
      case TIMELINE ->
          event(row, (String) row.cells().get("message_id"), row.cells().containsKey("error_code"));
      case IDENTITY -> {
        // Not scanned: the topic has what an erasure leaves of the links.
      }
    }
  }

  private void note(ScannedRow row) {
    if (erasedWithUser(row.key().partition().tenant(), row.cells()) != null) {
      erasedWithUserIds.add(row.key().partition().tenant(), row.key().partition().subject());
    }
  }

  private void message(ScannedRow row) throws InterruptedException {
    String tenant = row.key().partition().tenant();
    String messageId = row.key().partition().subject();
    Long at = later(index.messageErasedAt(tenant, messageId), erasedWithUser(tenant, row.cells()));
    if (at != null) {
      remove(row.key(), Math.max(micros(at), row.newestWrite()));
      return;
    }
    Long userAt = userErasedAt(tenant, row.cells());
    if (userAt != null && hasEarlierLifecycle(row, micros(userAt))) {
      remove(row.key(), micros(userAt));
    }
    Erasure redaction = index.redaction(tenant, messageId);
    if (redaction != null && !redacted(row).containsAll(redaction.getFields())) {
      redact(redaction, List.of());
    }
  }

  private void listed(ScannedRow row) throws InterruptedException {
    String tenant = row.key().partition().tenant();
    String messageId = row.key().id();
    Long at = later(index.messageErasedAt(tenant, messageId), erasedWithUser(tenant, row.cells()));
    if (at == null && !row.cells().containsKey(Facts.USER_ID)) {
      at = erasedWithItsUser(tenant, messageId);
    }
    if (at != null) {
      remove(row.key(), Math.max(micros(at), row.newestWrite()));
    } else if (row.cells().containsKey("error_code")) {
      redactError(tenant, messageId, List.of());
    }
  }

  /** Handles a row of a user's timeline. */
  private void event(ScannedRow row, @Nullable String messageId, boolean hasError)
      throws InterruptedException {
    String tenant = row.key().partition().tenant();
    String user = row.key().partition().subject();
    Long at = messageId == null ? null : index.messageErasedAt(tenant, messageId);
    Long userAt = index.userErasedAt(tenant, user, alias(row), row.key().time());
    boolean ownErasure =
        userAt != null
            && (row.newestWrite() <= micros(userAt) || createdBefore(userAt, tenant, messageId));
    if (ownErasure) {
      at = later(at, userAt);
    }
    if (at == null && messageId != null) {
      at = erasedWithItsUser(tenant, messageId);
    }
    Long wholeAt = index.wholeUserErasedAt(tenant, user);
    if (wholeAt != null && row.newestWrite() <= micros(wholeAt)) {
      removePartition(row.key().partition(), micros(wholeAt));
    } else if (at != null) {
      changed = row.key().partition();
      remove(row.key(), Math.max(micros(at), row.newestWrite()));
    } else if (hasError && messageId != null) {
      redactError(tenant, messageId, List.of(user));
    }
  }

  /** When the user was erased with whom a message is erased; null: it is not. */
  private @Nullable Long erasedWithItsUser(String tenant, String messageId)
      throws InterruptedException {
    return erasedWithUserIds.mayContain(tenant, messageId)
        ? erasedWithUser(tenant, read(tenant, messageId))
        : null;
  }

  private boolean createdBefore(long at, String tenant, @Nullable String messageId)
      throws InterruptedException {
    return messageId != null
        && read(tenant, messageId).get("created_at") instanceof Long createdAt
        && createdAt <= at;
  }

  private Map<String, Object> read(String tenant, String messageId) throws InterruptedException {
    RowKey key = new RowKey(new PartitionKey(Table.MESSAGE, tenant, messageId, 0, 0), 0, "");
    if (KeyLimits.excess(key) != null) {
      return Map.of();
    }
    Optional<StoredCells> found = retry.get(() -> store.reader().read(key));
    Map<String, Object> cells = new HashMap<>();
    for (String column : List.of("created_at", Facts.USER_ID, Facts.ALIAS)) {
      StoredCell cell = found.map(each -> each.cells().get(column)).orElse(null);
      if (cell != null) {
        cells.put(column, cell.value());
      }
    }
    return cells;
  }

  /** When the user of a row's message was erased, if the message was created by then; else null. */
  private @Nullable Long erasedWithUser(String tenant, Map<String, Object> cells) {
    Long at = userErasedAt(tenant, cells);
    return at != null && cells.get("created_at") instanceof Long createdAt && createdAt <= at
        ? at
        : null;
  }

  private @Nullable Long userErasedAt(String tenant, Map<String, Object> cells) {
    return cells.get(Facts.USER_ID) instanceof String user
            && cells.get("created_at") instanceof Long createdAt
        ? index.userErasedAt(tenant, user, (String) cells.get(Facts.ALIAS), createdAt)
        : null;
  }

  private static @Nullable String alias(ScannedRow row) {
    return (String) row.cells().get(Facts.ALIAS);
  }

  private static boolean hasEarlierLifecycle(ScannedRow row, long micros) {
    return row.oldestWrite() <= micros
        || (row.cells().get(MessageColumns.LISTINGS) instanceof Map<?, ?> all && all.size() > 1);
  }

  private static Collection<?> redacted(ScannedRow row) {
    return row.cells().get("redacted") instanceof Collection<?> fields ? fields : List.of();
  }

  private void redactError(String tenant, String messageId, List<String> users)
      throws InterruptedException {
    Erasure redaction = index.redaction(tenant, messageId);
    if (redaction != null && redaction.getFields().contains("error")) {
      redact(redaction, users);
    }
  }

  private void redact(Erasure redaction, List<String> users) throws InterruptedException {
    Erasure command = Erasure.newBuilder(redaction).setUsers(users).build();
    request(() -> store.eraser().erase(command, ErasureTimes.micros(command)));
  }

  /** Deletes what an erased user had until then, pointers included; the rows come one by one. */
  private void removePartition(PartitionKey partition, long micros) throws InterruptedException {
    if (partition.equals(deleted)) {
      erased++;
      return;
    }
    deleted = partition;
    changed = partition;
    request(() -> store.remover().remove(partition, micros).thenApply(done -> 1L));
  }

  /** Rows were deleted in a timeline partition, and the next row is of another one. */
  private void repairPointers() throws InterruptedException {
    PartitionKey partition = changed;
    if (partition != null) {
      awaitAll();
      retry.get(() -> store.remover().repairPointers(partition));
      changed = null;
      deleted = null;
    }
  }

  private void remove(RowKey key, long micros) throws InterruptedException {
    request(() -> store.remover().remove(key, micros).thenApply(done -> 1L));
  }

  private void request(Supplier<CompletionStage<Long>> work) throws InterruptedException {
    if (pending.size() == CONCURRENCY) {
      awaitOne();
    }
    pending.add(new RowRequest(work, work.get()));
  }

  private void awaitAll() throws InterruptedException {
    while (!pending.isEmpty()) {
      awaitOne();
    }
  }

  private void awaitOne() throws InterruptedException {
    RowRequest request = pending.remove();
    erased += retry.get(request.work(), request.result());
  }

  private static long micros(long at) {
    return ErasureTimes.micros(at);
  }

  private static @Nullable Long later(@Nullable Long some, @Nullable Long other) {
    return some == null ? other : other == null ? some : Long.valueOf(Math.max(some, other));
  }

  private void report(int slicesDone) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    progress.accept(
        new ScanProgress(
            PASSES.get(pass),
            (long) pass * settings.slices() + slicesDone,
            (long) PASSES.size() * settings.slices(),
            scanned,
            erased,
            scanned * 1000 / millis));
  }
}
