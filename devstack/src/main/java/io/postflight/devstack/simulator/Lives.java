package io.postflight.devstack.simulator;

import io.postflight.devstack.simulator.Moment.Failure;
import io.postflight.devstack.simulator.Moment.Subject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lives of a simulation: each a pure function of the settings and its index, so that nothing
 * has to be kept to know what became of it.
 */
final class Lives {
  private static final long SPREAD_MILLIS = 30 * 60_000L;
  private static final long OLDEST_MILLIS = 50 * 60_000L;
  private static final List<String> COUNTRIES =
      List.of("593", "1", "91", "44", "55", "62", "972", "250");

  private final SimulationSettings settings;
  private final List<String> providers;

  Lives(SimulationSettings settings) {
    this.settings = settings;
    // The set's own order differs from one run of the JVM to the next.
    this.providers = settings.providers().stream().sorted().toList();
  }

  Stream<ExpectedMessage> expectedMessages() {
    return Stream.iterate(0L, index -> index < settings.messages(), index -> index + 1)
        .map(index -> at(index).expected())
        .flatMap(Stream::ofNullable);
  }

  Life at(long index) {
    Draw draw = Draw.of(settings.seed(), index);
    String provider = draw.one(providers);
    long created =
        settings.now()
            - OLDEST_MILLIS
            + (long) (SPREAD_MILLIS * (double) index / Math.max(1, settings.messages()));
    Subject subject = subject(provider, draw);
    if (draw.chance(settings.mistakes())) {
      return mistake(subject, created, draw);
    }
    if (draw.chance(0.12)) {
      return inbound(subject, created);
    }
    if (provider.equals("events") && draw.chance(0.4)) {
      return action(subject, created, draw);
    }
    return outbound(subject, created, draw);
  }

  private Subject subject(String provider, Draw draw) {
    String tenant = draw.one(settings.tenants());
    // A few people get most of the messages.
    int user = (int) (settings.usersPerTenant() * Math.pow(draw.fraction(), 2));
    return new Subject(
        provider,
        tenant,
        provider.equals("events") ? "u" + user : phone(tenant, user),
        messageId(provider, draw),
        channel(provider, draw),
        draw.any());
  }

  private static String phone(String tenant, int user) {
    Draw draw = Draw.of(tenant.hashCode(), user);
    return draw.one(COUNTRIES) + draw.between(200_000_000L, 999_999_999L);
  }

  private static String messageId(String provider, Draw draw) {
    return switch (provider) {
      case "whatsapp" -> "wamid.HBgM" + draw.hex(40).toUpperCase(Locale.ROOT) + "AA==";
      case "wasender" -> "3EB0" + draw.hex(16).toUpperCase(Locale.ROOT);
      case "twilio" -> "SM" + draw.hex(32);
      // Ids of customers' own systems are not made for paths and keys.
      default -> draw.chance(0.1) ? "orders/ñ " + draw.hex(16) + "|1" : "msg_" + draw.hex(20);
    };
  }

  private static String channel(String provider, Draw draw) {
    return switch (provider) {
      case "twilio" -> draw.chance(0.5) ? "WHATSAPP" : "SMS";
      case "events" -> draw.chance(0.7) ? "EMAIL" : "PUSH";
      default -> "WHATSAPP";
    };
  }

  private static Life inbound(Subject subject, long created) {
    return new Life(subject, List.of(told(subject, Status.RECEIVED, created, null, true)));
  }

  private static Life action(Subject subject, long created, Draw draw) {
    String type = draw.one(List.of("product_viewed", "cart_updated", "order_placed"));
    return new Life(
        subject, List.of(new Moment(subject, Status.ACTION, type, created, null, true, null)));
  }

  private static Life mistake(Subject subject, long created, Draw draw) {
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
    RejectionReason reason = draw.one(possible);
    Vocabulary vocabulary = Vocabulary.of(subject.provider());
    String word =
        reason == RejectionReason.UNKNOWN_STATUS
            ? vocabulary.unknownWord()
            : vocabulary.word(Status.SENT);
    return new Life(subject, List.of(new Moment(subject, null, word, created, null, true, reason)));
  }

  private static Life outbound(Subject subject, long created, Draw draw) {
    Vocabulary vocabulary = Vocabulary.of(subject.provider());
    Map<Status, Long> times = new EnumMap<>(Status.class);
    begin(times, vocabulary, created, draw);
    long sent = times.getOrDefault(Status.SENT, created);
    double kind = draw.fraction();
    if (kind < 0.05) {
      // Still in flight: nothing after it was sent.
    } else if (kind < 0.13) {
      Status end = draw.one(List.of(Status.FAILED, Status.FAILED, Status.EXPIRED, Status.CANCELED));
      times.put(vocabulary.knows(end) ? end : Status.FAILED, sent + draw.between(500, 60_000));
    } else if (kind < 0.15) {
      times.put(Status.FAILED, sent + draw.between(500, 20_000));
      times.put(Status.DELIVERED, sent + draw.between(21_000, 90_000));
    } else {
      arrive(times, vocabulary, sent, draw);
    }
    if (vocabulary.knows(Status.ANNOTATION) && draw.chance(0.01)) {
      times.put(Status.ANNOTATION, sent + 600_000);
    }
    Failure failure = draw.one(vocabulary.failures());
    return new Life(subject, moments(subject, times, failure, draw));
  }

  private static void begin(
      Map<Status, Long> times, Vocabulary vocabulary, long created, Draw draw) {
    long time = created;
    for (Status early : List.of(Status.ACCEPTED, Status.QUEUED, Status.SENDING)) {
      if (vocabulary.knows(early) && draw.chance(0.4)) {
        times.put(early, time);
        time += draw.between(20, 400);
      }
    }
    times.put(Status.SENT, time + draw.between(100, 3_000));
  }

  private static void arrive(Map<Status, Long> times, Vocabulary vocabulary, long sent, Draw draw) {
    long delivered = sent + draw.between(200, 60_000);
    boolean read = draw.chance(0.6);
    if (!read || !draw.chance(0.08)) {
      times.put(Status.DELIVERED, delivered);
    }
    if (read) {
      // A phone in the hand: both within one second.
      long readAt = draw.chance(0.15) ? delivered : delivered + draw.between(1_000, 600_000);
      times.put(Status.READ, readAt);
      if (vocabulary.knows(Status.PLAYED) && draw.chance(0.05)) {
        times.put(Status.PLAYED, readAt + draw.between(1_000, 60_000));
      }
    }
  }

  private static List<Moment> moments(
      Subject subject, Map<Status, Long> times, Failure failure, Draw draw) {
    boolean silent = subject.provider().equals("twilio") && draw.chance(0.01);
    List<Moment> moments = new ArrayList<>();
    times.forEach(
        (status, time) -> {
          boolean hidden = subject.provider().equals("twilio") && (silent || draw.chance(0.2));
          moments.add(
              told(subject, status, time, status == Status.FAILED ? failure : null, !hidden));
        });
    moments.sort(Comparator.comparingLong(Moment::time));
    return moments;
  }

  private static Moment told(
      Subject subject, Status status, long time, @Nullable Failure failure, boolean tellsUser) {
    String word = Vocabulary.of(subject.provider()).word(status);
    return new Moment(subject, status, word, time, failure, tellsUser, null);
  }
}
