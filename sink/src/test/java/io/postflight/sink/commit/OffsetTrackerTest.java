package io.postflight.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
  private final Object owner = new Object();
  private final OffsetTracker tracker = new OffsetTracker();

  @Test
  void nothing_is_committable_before_the_first_record() {
    tracker.open(owner);

    assertThat(tracker.committable(owner, 17)).isEqualTo(OffsetTracker.NOTHING);
    assertThat(tracker.acknowledgedBelow()).isEqualTo(OffsetTracker.NOTHING);
  }

  @Test
  void a_commit_is_held_back_to_the_lowest_unacknowledged() {
    long generation = tracker.open(owner);
    long first = tracker.track(generation, 10, 0);
    long second = tracker.track(generation, 11, 0);

    tracker.acknowledge(second);
    assertThat(tracker.committable(owner, 12)).isEqualTo(10);

    tracker.acknowledge(first);
    assertThat(tracker.committable(owner, 12)).isEqualTo(12);
  }

  @Test
  void with_nothing_outstanding_a_commit_passes_the_transaction_marker() {
    long generation = tracker.open(owner);
    tracker.acknowledge(tracker.track(generation, 10, 0));

    assertThat(tracker.committable(owner, 13)).isEqualTo(13);
  }

  @Test
  void the_requested_offset_is_never_exceeded() {
    long generation = tracker.open(owner);
    tracker.track(generation, 10, 0);

    assertThat(tracker.committable(owner, 7)).isEqualTo(7);
  }

  @Test
  void an_acknowledgement_of_an_older_generation_changes_nothing() {
    long old = tracker.open(owner);
    long late = tracker.track(old, 10, 0);
    long current = tracker.open(owner);
    tracker.track(current, 10, 0);

    assertThat(tracker.acknowledge(late)).isFalse();
    assertThat(tracker.committable(owner, 11)).isEqualTo(10);
  }

  @Test
  void a_record_of_an_older_generation_is_not_tracked() {
    long old = tracker.open(owner);
    tracker.open(owner);

    assertThat(tracker.track(old, 10, 0)).isEqualTo(OffsetTracker.STALE);
    assertThat(tracker.committable(owner, 11)).isEqualTo(OffsetTracker.NOTHING);
  }

  @Test
  void a_listener_is_called_when_all_earlier_offsets_are_acknowledged() {
    long generation = tracker.open(owner);
    long first = tracker.track(generation, 10, 0);
    long second = tracker.track(generation, 11, 0);
    long third = tracker.track(generation, 12, 0);
    List<String> reported = new ArrayList<>();
    tracker.await(third, listener("third", reported));
    tracker.await(first, listener("first", reported));
    assertThat(reported).containsExactly("first ready");

    tracker.acknowledge(second);
    assertThat(reported).hasSize(1);

    tracker.acknowledge(first);
    assertThat(reported).containsExactly("first ready", "third ready");
  }

  @Test
  void a_listener_is_revoked_when_its_offset_is_dropped() {
    long generation = tracker.open(owner);
    tracker.track(generation, 10, 0);
    List<String> reported = new ArrayList<>();
    tracker.await(tracker.track(generation, 11, 0), listener("rewound", reported));
    tracker.track(generation, 10, 0);
    long stale = tracker.track(generation, 11, 0);
    tracker.await(stale, listener("moved", reported));
    tracker.open(new Object());
    tracker.await(stale, listener("late", reported));

    assertThat(reported).containsExactly("rewound revoked", "moved revoked", "late revoked");
  }

  private static OffsetTracker.TicketListener listener(String name, List<String> reported) {
    return new OffsetTracker.TicketListener() {
      @Override
      public void onReady() {
        reported.add(name + " ready");
      }

      @Override
      public void onRevoked() {
        reported.add(name + " revoked");
      }
    };
  }

  @Test
  void a_former_owner_commits_nothing() {
    tracker.open(owner);
    Object other = new Object();
    tracker.acknowledge(tracker.track(tracker.open(other), 10, 0));

    assertThat(tracker.committable(owner, 50)).isEqualTo(OffsetTracker.NOTHING);
    assertThat(tracker.committable(other, 11)).isEqualTo(11);
  }

  @Test
  void a_revoked_partition_has_nothing_outstanding_and_commits_nothing() {
    long generation = tracker.open(owner);
    tracker.track(generation, 10, 1_000);

    tracker.close(generation);

    assertThat(tracker.isOpen()).isFalse();
    assertThat(tracker.outstanding()).isZero();
    assertThat(tracker.oldestTrackedAt(9_000)).isEqualTo(9_000);
    assertThat(tracker.committable(owner, 11)).isEqualTo(OffsetTracker.NOTHING);
    assertThat(tracker.track(generation, 11, 2_000)).isEqualTo(OffsetTracker.STALE);
  }

  @Test
  void the_end_of_an_older_generation_leaves_the_current_one_alone() {
    long old = tracker.open(owner);
    long current = tracker.open(owner);
    tracker.track(current, 10, 1_000);

    tracker.close(old);

    assertThat(tracker.isOpen()).isTrue();
    assertThat(tracker.committable(owner, 11)).isEqualTo(10);
  }

  @Test
  void a_rewound_log_is_followed_and_late_acknowledgements_are_ignored() {
    long generation = tracker.open(owner);
    long before = tracker.track(generation, 90, 0);
    long again = tracker.track(generation, 5, 0);

    assertThat(tracker.acknowledge(before)).isFalse();
    assertThat(tracker.committable(owner, 91)).isEqualTo(5);
    assertThat(tracker.acknowledge(again)).isTrue();
    assertThat(tracker.acknowledgedBelow()).isEqualTo(6);
  }

  @Test
  void a_second_acknowledgement_counts_once() {
    long generation = tracker.open(owner);
    tracker.track(generation, 1, 0);
    long second = tracker.track(generation, 2, 0);

    assertThat(tracker.acknowledge(second)).isTrue();
    assertThat(tracker.acknowledge(second)).isFalse();
    assertThat(tracker.acknowledgedBelow()).isEqualTo(1);
  }

  @Test
  void the_age_is_that_of_the_oldest_outstanding() {
    long generation = tracker.open(owner);
    long first = tracker.track(generation, 1, 1_000);
    tracker.track(generation, 2, 2_000);

    assertThat(tracker.oldestTrackedAt(5_000)).isEqualTo(1_000);
    tracker.acknowledge(first);
    assertThat(tracker.oldestTrackedAt(5_000)).isEqualTo(2_000);
  }

  @Property
  void it_agrees_with_a_naive_model(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 400) int steps) {
    Model model = new Model();
    List<Long> tickets = new ArrayList<>();
    long generation = tracker.open(owner);
    long offset = random.nextInt(100);
    for (int step = 0; step < steps; step++) {
      int what = random.nextInt(100);
      if (what < 50) {
        offset += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
        tickets.add(tracker.track(generation, offset, step));
        model.track(tickets.get(tickets.size() - 1), offset);
      } else if (what < 96 && !tickets.isEmpty()) {
        long ticket = tickets.get(random.nextInt(tickets.size()));
        assertThat(tracker.acknowledge(ticket)).isEqualTo(model.acknowledge(ticket));
      } else if (what < 98) {
        offset = random.nextInt(100);
        generation = tracker.open(owner);
        model.open();
      } else {
        offset = Math.max(0, offset - 10);
      }
      assertThat(tracker.acknowledgedBelow()).isEqualTo(model.below());
      assertThat(tracker.committable(owner, offset + 3)).isEqualTo(model.committable(offset + 3));
    }
  }

  @Property(tries = 20)
  void acknowledgements_from_many_threads_are_all_counted(
      @ForAll @IntRange(min = 1, max = 2_000) int records) throws InterruptedException {
    long generation = tracker.open(owner);
    ConcurrentLinkedQueue<Long> tickets = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      threads.add(
          new Thread(
              () -> {
                int idle = 0;
                while (idle < 1_000_000 && tracker.acknowledgedBelow() != records) {
                  Long ticket = tickets.poll();
                  if (ticket == null) {
                    idle++;
                    Thread.onSpinWait();
                  } else {
                    tracker.acknowledge(ticket);
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (int offset = 0; offset < records; offset++) {
      tickets.add(tracker.track(generation, offset, 0));
      assertThat(tracker.committable(owner, offset + 1)).isBetween(0L, offset + 1L);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    tickets.forEach(tracker::acknowledge);

    assertThat(tracker.outstanding()).isZero();
    assertThat(tracker.acknowledgedBelow()).isEqualTo(records);
  }

  /** A simple model without regard to performance. */
  private static final class Model {
    private final TreeMap<Long, Long> outstanding = new TreeMap<>();
    private long next = OffsetTracker.NOTHING;

    void open() {
      outstanding.clear();
      next = OffsetTracker.NOTHING;
    }

    void track(long ticket, long offset) {
      if (offset < next) {
        outstanding.clear();
      }
      outstanding.put(ticket, offset);
      next = offset + 1;
    }

    boolean acknowledge(long ticket) {
      return outstanding.remove(ticket) != null;
    }

    long below() {
      return outstanding.isEmpty() ? next : outstanding.firstEntry().getValue();
    }

    long committable(long requested) {
      if (next == OffsetTracker.NOTHING) {
        return OffsetTracker.NOTHING;
      }
      return outstanding.isEmpty() ? requested : Math.min(requested, below());
    }
  }
}
