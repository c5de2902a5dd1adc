package io.postflight.devstack.simulator;

import io.postflight.devstack.simulator.SimulatedEvent.Failure;
import io.postflight.devstack.simulator.SimulatedEvent.SimulatedSubject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Generates the messages of a simulation. Each is a pure function of the settings and its index, so
 * that expected results can be generated again instead of being stored.
 */
final class MessageGenerator {
  private static final long SPREAD_MILLIS = 30 * 60_000L;
  private static final long OLDEST_MILLIS = 50 * 60_000L;
  private static final List<String> COUNTRIES =
      List.of("593", "1", "91", "44", "55", "62", "972", "250");

  private final SimulationSettings settings;
  private final List<String> providers;

  MessageGenerator(SimulationSettings settings) {
    this.settings = settings;
    // The iteration order of the set differs between runs of the JVM.
    this.providers = settings.providers().stream().sorted().toList();
  }

  Stream<ExpectedMessage> expectedMessages() {
    return Stream.iterate(0L, index -> index < settings.messages(), index -> index + 1)
        .map(index -> at(index).expected())
        .flatMap(Stream::ofNullable);
  }

  SimulatedMessage at(long index) {
    SeededRandom random = SeededRandom.of(settings.seed(), index);
    String provider = random.choice(providers);
    long created =
        settings.now()
            - OLDEST_MILLIS
            + (long) (SPREAD_MILLIS * (double) index / Math.max(1, settings.messages()));
    SimulatedSubject subject = subject(provider, random);
    if (random.chance(settings.invalid())) {
      return invalid(subject, created, random);
    }
    if (random.chance(0.12)) {
      return inbound(subject, created);
    }
    if (provider.equals("events") && random.chance(0.4)) {
      return action(subject, created, random);
    }
    return outbound(subject, created, random);
  }

  private SimulatedSubject subject(String provider, SeededRandom random) {
    String tenant = random.choice(settings.tenants());
    // A few users receive most of the messages.
    int user = (int) (settings.usersPerTenant() * Math.pow(random.fraction(), 2));
    return new SimulatedSubject(
        provider,
        tenant,
        provider.equals("events") ? "u" + user : phone(tenant, user),
        messageId(provider, random),
        channel(provider, random),
        random.nonNegativeInt());
  }

  private static String phone(String tenant, int user) {
    SeededRandom random = SeededRandom.of(tenant.hashCode(), user);
    return random.choice(COUNTRIES) + random.between(200_000_000L, 999_999_999L);
  }

  private static String messageId(String provider, SeededRandom random) {
    return switch (provider) {
      case "whatsapp" -> "wamid.HBgM" + random.hex(40).toUpperCase(Locale.ROOT) + "AA==";
      case "wasender" -> "3EB0" + random.hex(16).toUpperCase(Locale.ROOT);
      case "twilio" -> "SM" + random.hex(32);
      // Ids of customers' own systems may contain characters that are special in paths and keys.
      default -> random.chance(0.1) ? "orders/ñ " + random.hex(16) + "|1" : "msg_" + random.hex(20);
    };
  }

  private static String channel(String provider, SeededRandom random) {
    return switch (provider) {
      case "twilio" -> random.chance(0.5) ? "WHATSAPP" : "SMS";
      case "events" -> random.chance(0.7) ? "EMAIL" : "PUSH";
      default -> "WHATSAPP";
    };
  }

  private static SimulatedMessage inbound(SimulatedSubject subject, long created) {
    return new SimulatedMessage(subject, List.of(event(subject, Status.RECEIVED, created)));
  }

  private static SimulatedMessage action(
      SimulatedSubject subject, long created, SeededRandom random) {
    String type = random.choice(List.of("product_viewed", "cart_updated", "order_placed"));
    return new SimulatedMessage(
        subject, List.of(SimulatedEvent.of(subject, Status.ACTION, type, created)));
  }

  private static SimulatedMessage invalid(
      SimulatedSubject subject, long created, SeededRandom random) {
    boolean whatsapp = subject.provider().equals("whatsapp");
    boolean form = subject.provider().equals("twilio");
    List<RejectionReason> possible = new ArrayList<>(List.of(RejectionReason.UNKNOWN_STATUS));
    if (!form) {
      possible.add(RejectionReason.MALFORMED_BODY);
    }
    if (whatsapp) {
      possible.add(RejectionReason.MISSING_MESSAGE_ID);
      possible.add(RejectionReason.UNSUPPORTED_EVENT);
    }
    RejectionReason reason = random.choice(possible);
    ProviderStatuses statuses = ProviderStatuses.of(subject.provider());
    String providerStatus =
        reason == RejectionReason.UNKNOWN_STATUS
            ? statuses.unknownStatus()
            : statuses.providerStatus(Status.SENT);
    return new SimulatedMessage(
        subject, List.of(SimulatedEvent.invalid(subject, providerStatus, created, reason)));
  }

  private static SimulatedMessage outbound(
      SimulatedSubject subject, long created, SeededRandom random) {
    ProviderStatuses statuses = ProviderStatuses.of(subject.provider());
    Map<Status, Long> times = new EnumMap<>(Status.class);
    begin(times, statuses, created, random);
    long sent = times.getOrDefault(Status.SENT, created);
    double kind = random.fraction();
    if (kind < 0.05) {
      // Still in flight: no event after SENT.
    } else if (kind < 0.13) {
      Status end =
          random.choice(List.of(Status.FAILED, Status.FAILED, Status.EXPIRED, Status.CANCELED));
      times.put(statuses.supports(end) ? end : Status.FAILED, sent + random.between(500, 60_000));
    } else if (kind < 0.15) {
      times.put(Status.FAILED, sent + random.between(500, 20_000));
      times.put(Status.DELIVERED, sent + random.between(21_000, 90_000));
    } else {
      arrive(times, statuses, sent, random);
    }
    if (statuses.supports(Status.ANNOTATION) && random.chance(0.01)) {
      times.put(Status.ANNOTATION, sent + 600_000);
    }
    Failure failure = random.choice(statuses.failures());
    return new SimulatedMessage(subject, events(subject, times, failure, random));
  }

  private static void begin(
      Map<Status, Long> times, ProviderStatuses statuses, long created, SeededRandom random) {
    long time = created;
    for (Status early : List.of(Status.ACCEPTED, Status.QUEUED, Status.SENDING)) {
      if (statuses.supports(early) && random.chance(0.4)) {
        times.put(early, time);
        time += random.between(20, 400);
      }
    }
    times.put(Status.SENT, time + random.between(100, 3_000));
  }

  private static void arrive(
      Map<Status, Long> times, ProviderStatuses statuses, long sent, SeededRandom random) {
    long delivered = sent + random.between(200, 60_000);
    boolean read = random.chance(0.6);
    if (!read || !random.chance(0.08)) {
      times.put(Status.DELIVERED, delivered);
    }
    if (read) {
      // Sometimes delivered and read within the same second.
      long readAt = random.chance(0.15) ? delivered : delivered + random.between(1_000, 600_000);
      times.put(Status.READ, readAt);
      if (statuses.supports(Status.PLAYED) && random.chance(0.05)) {
        times.put(Status.PLAYED, readAt + random.between(1_000, 60_000));
      }
    }
  }

  private static List<SimulatedEvent> events(
      SimulatedSubject subject, Map<Status, Long> times, Failure failure, SeededRandom random) {
    boolean silent = subject.provider().equals("twilio") && random.chance(0.01);
    List<SimulatedEvent> events = new ArrayList<>();
    times.forEach(
        (status, time) -> {
          boolean hidden = subject.provider().equals("twilio") && (silent || random.chance(0.2));
          SimulatedEvent event = event(subject, status, time);
          if (status == Status.FAILED) {
            event = event.with(failure);
          }
          events.add(hidden ? event.withoutUser() : event);
        });
    events.sort(Comparator.comparingLong(SimulatedEvent::time));
    return events;
  }

  private static SimulatedEvent event(SimulatedSubject subject, Status status, long time) {
    String providerStatus = ProviderStatuses.of(subject.provider()).providerStatus(status);
    return SimulatedEvent.of(subject, status, providerStatus, time);
  }
}
