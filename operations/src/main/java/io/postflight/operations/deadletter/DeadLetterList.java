package io.postflight.operations.deadletter;

import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by reason, and passes them on or keeps the newest. */
public final class DeadLetterList implements Consumer<ListedDeadLetter> {
  private final boolean pending;
  private final @Nullable Integer limit;
  private final Consumer<ListedDeadLetter> each;
  private final Map<String, Long> byReason = new TreeMap<>();
  private final Deque<ListedDeadLetter> newest = new ArrayDeque<>();
  private long count;

  /**
   * An empty list.
   *
   * @param pending excludes redriven ones
   * @param limit number of kept dead letters; null: all are passed on immediately
   * @param each receives them if there is no limit
   */
  public DeadLetterList(boolean pending, @Nullable Integer limit, Consumer<ListedDeadLetter> each) {
    this.pending = pending;
    this.limit = limit;
    this.each = each;
  }

  @Override
  public void accept(ListedDeadLetter listed) {
    if (pending && listed.redriven()) {
      return;
    }
    count++;
    List<String> reasons = listed.deadLetter().reasons();
    for (String reason : reasons.isEmpty() ? List.of("") : reasons) {
      byReason.merge(DeadLetterText.word(reason), 1L, Long::sum);
    }
    if (limit == null) {
      each.accept(listed);
      return;
    }
    newest.addLast(listed);
    if (newest.size() > limit) {
      newest.removeFirst();
    }
  }

  /** The kept dead letters, oldest first. */
  public Collection<ListedDeadLetter> newest() {
    return newest;
  }

  /** The numbers. */
  public DeadLetterCounts counts() {
    return new DeadLetterCounts(count, byReason);
  }
}
