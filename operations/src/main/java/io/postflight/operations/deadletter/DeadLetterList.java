package io.postflight.operations.deadletter;

import io.postflight.replay.deadletter.DeadLetterTopic.Listed;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by reason, and hands them on or keeps the newest of them. */
public final class DeadLetterList implements Consumer<Listed> {
  private final boolean pending;
  private final @Nullable Integer limit;
  private final Consumer<Listed> each;
  private final Map<String, Long> byReason = new TreeMap<>();
  private final Deque<Listed> newest = new ArrayDeque<>();

  /**
   * An empty list.
   *
   * @param pending leaves those out that were redriven
   * @param limit how many are kept; null: all are handed on at once
   * @param each receives them if there is no limit
   */
  public DeadLetterList(boolean pending, @Nullable Integer limit, Consumer<Listed> each) {
    this.pending = pending;
    this.limit = limit;
    this.each = each;
  }

  @Override
  public void accept(Listed listed) {
    if (pending && listed.redriven()) {
      return;
    }
    byReason.merge(DeadLetterText.word(listed.deadLetter().reason()), 1L, Long::sum);
    if (limit == null) {
      each.accept(listed);
      return;
    }
    newest.addLast(listed);
    if (newest.size() > limit) {
      newest.removeFirst();
    }
  }

  /** The newest that were kept, oldest first. */
  public Collection<Listed> newest() {
    return newest;
  }

  /** How many there are. */
  public DeadLetterCounts counts() {
    return DeadLetterCounts.of(byReason);
  }
}
