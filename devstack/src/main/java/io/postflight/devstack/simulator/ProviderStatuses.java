package io.postflight.devstack.simulator;

import io.postflight.devstack.simulator.SimulatedEvent.Failure;
import io.postflight.schema.event.Status;
import java.util.List;
import java.util.Map;

/** Each provider's names of the statuses, and its most frequent errors. */
record ProviderStatuses(
    Map<Status, String> statuses, String unknownStatus, List<Failure> failures) {
  private static final ProviderStatuses WHATSAPP =
      new ProviderStatuses(
          Map.of(
              Status.SENT, "sent",
              Status.DELIVERED, "delivered",
              Status.READ, "read",
              Status.PLAYED, "played",
              Status.FAILED, "failed",
              Status.ANNOTATION, "deleted",
              Status.RECEIVED, "text"),
          "teleported",
          List.of(
              new Failure("131047", "Re-engagement message", "More than 24 hours have passed."),
              new Failure("131049", "Not delivered", "Kept back for a healthy ecosystem."),
              new Failure("130472", "Part of an experiment", "The number is in an experiment."),
              new Failure("131026", "Message undeliverable", "The recipient cannot receive it."),
              new Failure("131053", "Media upload error", "The media could not be fetched.")));

  private static final ProviderStatuses WASENDER =
      new ProviderStatuses(
          Map.of(
              Status.SENT, "2",
              Status.DELIVERED, "3",
              Status.READ, "4",
              Status.PLAYED, "5",
              Status.FAILED, "0",
              Status.RECEIVED, "messages.upsert"),
          "42",
          List.of(new Failure("", "", "")));

  private static final ProviderStatuses TWILIO =
      new ProviderStatuses(
          Map.of(
              Status.QUEUED, "queued",
              Status.SENDING, "sending",
              Status.SENT, "sent",
              Status.DELIVERED, "delivered",
              Status.READ, "read",
              Status.FAILED, "undelivered",
              Status.RECEIVED, "received"),
          "teleported",
          List.of(
              new Failure("30003", "Unreachable destination handset", ""),
              new Failure("30005", "Unknown destination handset", ""),
              new Failure("63016", "Outside of the allowed window", ""),
              new Failure("21610", "The recipient has unsubscribed", "")));

  private static final ProviderStatuses EVENTS =
      new ProviderStatuses(
          Map.of(
              Status.ACCEPTED, "ACCEPTED",
              Status.QUEUED, "QUEUED",
              Status.SENT, "SENT",
              Status.DELIVERED, "DELIVERED",
              Status.READ, "READ",
              Status.FAILED, "FAILED",
              Status.CANCELED, "CANCELED",
              Status.EXPIRED, "EXPIRED",
              Status.RECEIVED, "RECEIVED"),
          "TELEPORTED",
          List.of(
              new Failure("550", "Mailbox unavailable", "5.1.1 no such user"),
              new Failure("422", "Mailbox full", "4.2.2 over quota")));

  static ProviderStatuses of(String provider) {
    return switch (provider) {
      case "whatsapp" -> WHATSAPP;
      case "wasender" -> WASENDER;
      case "twilio" -> TWILIO;
      case "events" -> EVENTS;
      default -> throw new IllegalArgumentException("provider '" + provider + "' is not simulated");
    };
  }

  boolean supports(Status status) {
    return statuses.containsKey(status);
  }

  String providerStatus(Status status) {
    String providerStatus = statuses.get(status);
    if (providerStatus == null) {
      throw new IllegalArgumentException("the provider has no status " + status);
    }
    return providerStatus;
  }
}
