package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.topology.SimulatedLifecycle.LifecycleFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A user's command is forwarded to the tier once, behind all records of the user that any partition
 * sent before: with uncommitted and aborted transactions, migrated tasks, repeated events and
 * repeated broadcasts, the tier finally contains no erased data and all other data. {@code
 * -Dpostflight.seed=N} runs one history.
 */
class OneForwardedCommandTest {
  private static final int SEEDS = Integer.getInteger("postflight.forwardSeeds", 600);
  private static final int SOAK_SEEDS = Integer.getInteger("postflight.soakSeeds", 100_000);
  private static final List<Status> STATUSES =
      List.of(Status.SENT, Status.DELIVERED, Status.READ, Status.FAILED);
  private static final List<String> USERS = List.of("u1", "u2", "u3");

  @Test
  void nothing_erased_is_left_and_one_copy_is_forwarded_in_any_history() {
    Integer one = Integer.getInteger("postflight.seed");
    simulate(one == null ? 1 : one, one == null ? SEEDS : 1);
  }

  @Test
  @Tag("soak")
  void nothing_erased_is_left_in_many_more_histories() {
    simulate(1_000_000, SOAK_SEEDS);
  }

  @ParameterizedTest
  @EnumSource(value = LifecycleFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_faulty_order_is_detected(LifecycleFault fault) {
    OptionalInt found =
        IntStream.rangeClosed(1, 300)
            .filter(seed -> !new CommandHistory(seed, fault).play().isEmpty())
            .findFirst();

    assertThat(found).as("a seed of the first 300 that finds %s", fault).isPresent();
    System.out.println("forwarding simulation: " + fault + " found by seed " + found.getAsInt());
  }

  private static void simulate(int first, int seeds) {
    long begun = System.nanoTime();
    for (int seed = first; seed < first + seeds; seed++) {
      assertThat(new CommandHistory(seed, LifecycleFault.NONE).play())
          .as("replay with -Dpostflight.seed=%d", seed)
          .isEmpty();
    }
    System.out.printf(
        "forwarding simulation: %d seeds in %.1f s%n", seeds, (System.nanoTime() - begun) / 1e9);
  }

  /** One history: its events, its commands, and the errors in the tier. */
  private static final class CommandHistory {
    private final Random random;
    private final SimulatedLifecycle lifecycle;
    private final List<MessageEvent> events = new ArrayList<>();
    private final List<Erasure> commands = new ArrayList<>();

    /** Commands in the order in which they were broadcast, with duplicates. */
    private final List<Erasure> broadcast = new ArrayList<>();

    /** Owners of messages; absent for a group's message. */
    private final Map<String, String> owners = new TreeMap<>();

    private final Map<String, Long> createdAt = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    CommandHistory(int seed, LifecycleFault fault) {
      random = new Random(seed);
      lifecycle =
          new SimulatedLifecycle(2 + random.nextInt(4), 1 + random.nextInt(3), random, fault);
      for (int m = 0; m < 6; m++) {
        String message = "m" + m;
        if (m < 3) {
          owners.put(message, USERS.get(m));
        }
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
          events.add(event(message, i));
        }
      }
      for (int i = 0; i < 6; i++) {
        events.add(action(i));
      }
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        commands.add(command());
      }
    }

    List<String> play() {
      List<Object> script = new ArrayList<>(events);
      script.addAll(commands);
      for (int i = 0; i < 3; i++) {
        script.add(script.get(random.nextInt(script.size())));
      }
      script.add(commands.get(random.nextInt(commands.size())));
      Collections.shuffle(script, random);
      boolean deadlines = random.nextInt(3) == 0;
      for (Object next : script) {
        if (next instanceof Erasure command) {
          broadcast.add(command);
          lifecycle.broadcast(command);
        } else if (next instanceof MessageEvent event) {
          if (event.getMessageId() != null) {
            createdAt.putIfAbsent(event.getMessageId(), anchor(event));
          }
          lifecycle.event(event);
        }
        for (int steps = random.nextInt(12); steps > 0; steps--) {
          lifecycle.step();
        }
        if (deadlines && random.nextInt(script.size()) == 0) {
          lifecycle.caughtUp(NOW + 4L * 24 * 3_600_000);
        }
      }
      lifecycle.finish();
      check();
      return wrong;
    }

    private void check() {
      List<List<TierRecord>> records = lifecycle.tier();
      TierModel tier = arrived(records);
      records.forEach(this::checkOrder);
      checkCopies(records);
      Set<String> concerned = new HashSet<>();
      for (Erasure command : commands) {
        String message = command.getMessageId();
        String user = command.getUserId();
        if (message != null) {
          gone(tier, message);
          concerned.add(message);
        } else if (user != null) {
          checkUser(tier, user, command.getAt(), concerned);
        }
      }
      for (MessageEvent event : events) {
        String message = event.getMessageId();
        boolean erased = message == null ? erased(event) : concerned.contains(message);
        if (!erased && !tier.timeline().containsKey(row(event))) {
          wrong.add("the row of " + row(event) + " is missing");
        }
      }
    }

    /** No record behind a command in its partition is covered by it. */
    private void checkOrder(List<TierRecord> partition) {
      Map<String, Long> users = new HashMap<>();
      Set<String> messages = new HashSet<>();
      for (TierRecord record : partition) {
        Erasure command = record.getCommand();
        if (command == null) {
          if (covered(record, users, messages)) {
            wrong.add("a record follows its erasure: " + record);
          }
        } else if (command.getUserId() != null) {
          users.merge(command.getUserId(), command.getAt(), Math::max);
        } else {
          messages.add(String.valueOf(command.getMessageId()));
        }
      }
    }

    private static boolean covered(
        TierRecord record, Map<String, Long> users, Set<String> messages) {
      MessageRevision message = record.getMessage();
      String owner = message == null ? null : Facts.text(message.getFacts(), Facts.USER_ID);
      boolean ofMessage =
          message != null
              && (messages.contains(message.getMessageId())
                  || message.getCreatedAt() <= users.getOrDefault(owner, Long.MIN_VALUE));
      return ofMessage
          || record.getTimeline().stream()
              .anyMatch(
                  entry -> {
                    MessageEvent event = entry.getEvent();
                    Long created = record.getCreatedAt();
                    long began =
                        Math.min(entry.getAnchor(), created == null ? Long.MAX_VALUE : created);
                    return messages.contains(String.valueOf(event.getMessageId()))
                        || began <= users.getOrDefault(event.getUserId(), Long.MIN_VALUE);
                  });
    }

    /** Each new command of a user is forwarded once. */
    private void checkCopies(List<List<TierRecord>> records) {
      List<String> expected = new ArrayList<>();
      Map<String, Long> latest = new HashMap<>();
      for (Erasure command : broadcast) {
        String user = command.getUserId();
        if (user != null && command.getAt() > latest.getOrDefault(user, Long.MIN_VALUE)) {
          latest.put(user, command.getAt());
          expected.add(command.getId());
        }
      }
      List<String> copies =
          records.stream()
              .flatMap(List::stream)
              .map(TierRecord::getCommand)
              .filter(command -> command != null && command.getUserId() != null)
              .map(Erasure::getId)
              .sorted()
              .toList();
      Collections.sort(expected);
      if (!copies.equals(expected)) {
        wrong.add("forwarded " + copies + " instead of " + expected);
      }
    }

    private void checkUser(TierModel tier, String user, long at, Set<String> concerned) {
      tier.timeline()
          .forEach(
              (row, anchor) -> {
                if (row.user().equals(user) && anchor <= at) {
                  wrong.add(row + " is present, although its user is erased");
                }
              });
      createdAt.forEach(
          (message, created) -> {
            String owner = owners.get(message);
            if (owner == null || owner.equals(user)) {
              concerned.add(message);
            }
            if (user.equals(owner) && created <= at) {
              gone(tier, message);
            }
            MessageRevision standing = tier.message(message);
            if (standing != null
                && user.equals(Facts.text(standing.getFacts(), Facts.USER_ID))
                && standing.getCreatedAt() <= at) {
              wrong.add(message + " is present, although its user is erased");
            }
          });
    }

    private void gone(TierModel tier, String message) {
      if (tier.message(message) != null
          || tier.timeline().keySet().stream().anyMatch(row -> row.message().equals(message))) {
        wrong.add(message + " or rows of it are present, although it is erased");
      }
    }

    private boolean erased(MessageEvent event) {
      return commands.stream()
          .anyMatch(
              command ->
                  Objects.equals(command.getUserId(), event.getUserId())
                      && anchor(event) <= command.getAt());
    }

    /** The tier after all records are written: in order per partition, in any order otherwise. */
    private TierModel arrived(List<List<TierRecord>> records) {
      TierModel tier = new TierModel();
      List<Deque<TierRecord>> partitions = new ArrayList<>();
      records.forEach(partition -> partitions.add(new ArrayDeque<>(partition)));
      while (!partitions.isEmpty()) {
        Deque<TierRecord> partition = partitions.get(random.nextInt(partitions.size()));
        if (partition.isEmpty()) {
          partitions.remove(partition);
        } else {
          tier.apply(partition.removeFirst());
        }
      }
      return tier;
    }

    private MessageEvent event(String message, int number) {
      String owner = owners.get(message);
      String user = owner == null ? USERS.get(random.nextInt(3)) : owner;
      Status status = STATUSES.get(random.nextInt(STATUSES.size()));
      long time = NOW + random.nextInt(20) * 1_000L;
      return event(message, message + "-e" + number, user, status, time);
    }

    private MessageEvent action(int number) {
      return event(
          null,
          "a" + number,
          USERS.get(number % 3),
          Status.ACTION,
          NOW + random.nextInt(20) * 1_000L);
    }

    private MessageEvent event(
        @Nullable String message, String id, String user, Status status, long time) {
      return MessageEvent.newBuilder()
          .setTenant("acme")
          .setMessageId(message)
          .setEventId(id)
          .setUserId(user)
          .setType(message == null ? "product_viewed" : "message." + status.name())
          .setProvider("events")
          .setChannel("WHATSAPP")
          .setDirection(Direction.OUTBOUND)
          .setStatus(status)
          .setEventTime(time)
          .setEventTimeSource(EventTimeSource.PROVIDER)
          .setReceivedAt(time + random.nextInt(8_000))
          .build();
    }

    private Erasure command() {
      long at = NOW + random.nextInt(20) * 1_000L + 500;
      return random.nextInt(5) == 0
          ? TestCommands.message("m" + random.nextInt(6), at)
          : TestCommands.user(USERS.get(random.nextInt(3)), at);
    }

    private static TierModel.ModelRowKey row(MessageEvent event) {
      return new TierModel.ModelRowKey(
          String.valueOf(event.getUserId()),
          String.valueOf(event.getMessageId()),
          event.getEventId());
    }

    private static long anchor(MessageEvent event) {
      return Math.min(event.getEventTime(), event.getReceivedAt());
    }
  }
}
