package io.postflight.devstack.simulator;

import io.postflight.schema.lifecycle.MessageStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Example webhooks in the format of each provider: an inbound message, a message delivered and read
 * within one second and sent twice, read without delivered, failed, failed and then delivered, a
 * Twilio form sent twice, a form without a recipient, an array of events with an action; of each
 * other provider one status.
 *
 * <p>Their times are close to the given time, so that none is expired. Every entry is a valid
 * event.
 */
public final class BundledWebhooks {
  /** Number of actions among the events. */
  public static final int ACTIONS = 1;

  private static final Pattern TIME = Pattern.compile("@\\{(seconds|millis|instant)([+-]\\d+)}");

  private static final Map<String, Integer> EVENTS =
      Map.of(
          "whatsapp-answer-delivered-and-read-in-one-second.json", 2,
          "whatsapp-marketing-read-without-delivered.json", 2,
          "events-mail-and-action.json", 3);

  private static final String BUNDLED = "b0b0b0b0-0000-4000-8000-00000000000";

  private BundledWebhooks() {}

  /**
   * The webhooks in the order in which they are to be sent.
   *
   * @param tenant that receives them
   * @param now epoch milliseconds
   */
  public static List<SimulatedWebhook> of(String tenant, long now) {
    List<SimulatedWebhook> webhooks = new ArrayList<>();
    Map<String, String> templates = new HashMap<>();
    for (String line : resource("bundled.tsv").split("\n")) {
      String[] fields = line.strip().split("\t");
      String file = fields[1];
      String template = templates.computeIfAbsent(file, BundledWebhooks::resource);
      webhooks.add(
          new SimulatedWebhook(
              fields[0],
              tenant,
              file.endsWith(".txt") ? SimulatedWebhook.FORM : SimulatedWebhook.JSON,
              withTimes(template, now).getBytes(StandardCharsets.UTF_8),
              Map.of(),
              EVENTS.getOrDefault(file, 1),
              List.of()));
    }
    return List.copyOf(webhooks);
  }

  /** The expected state of each message once all webhooks are processed. */
  public static List<ExpectedMessage> expectedMessages(String tenant) {
    String wamid = "wamid.POSTFLIGHT.BUNDLED.";
    return List.of(
        of(tenant, wamid + "QUESTION==", "whatsapp", "593981110001", MessageStatus.RECEIVED, 1),
        of(tenant, wamid + "ANSWER==", "whatsapp", "593981110001", MessageStatus.READ, 3),
        of(tenant, wamid + "MARKETING1==", "whatsapp", "593981110002", MessageStatus.READ, 2),
        of(tenant, wamid + "MARKETING2==", "whatsapp", "593981110003", MessageStatus.FAILED, 1),
        new ExpectedMessage(
            tenant,
            "3EB0B0ND1ED0000001",
            "wasender",
            "593981110004",
            MessageStatus.DELIVERED,
            true,
            true,
            3),
        of(tenant, twilio("1a"), "twilio", "593981110005", MessageStatus.DELIVERED, 2),
        of(tenant, twilio("2b"), "twilio", "593981110006", MessageStatus.FAILED, 1),
        of(tenant, "mail/2026 #1", "events", "lucia", MessageStatus.DELIVERED, 2),
        once(
            tenant,
            "gBGGPOSTFLIGHTBUNDLED01",
            "whatsapp-onprem",
            "593981110011",
            MessageStatus.DELIVERED),
        once(tenant, BUNDLED + 1, "vonage", "593981110012", MessageStatus.FAILED),
        once(tenant, BUNDLED + 2, "infobip", "593981110013", MessageStatus.DELIVERED),
        once(
            tenant,
            "01B0ND1ED0000000000000000/+593981110014",
            "sinch",
            "593981110014",
            MessageStatus.DELIVERED),
        once(
            tenant,
            "b0b0b0b0000040008000000000000003",
            "messagebird",
            "593981110015",
            MessageStatus.FAILED),
        once(
            tenant,
            "POSTFLIGHTBUNDLED.filter0001.1.0",
            "sendgrid",
            "lucia@example.com",
            MessageStatus.DELIVERED),
        once(tenant, BUNDLED + 4, "aws", "593981110016", MessageStatus.DELIVERED),
        once(tenant, "POSTFLIGHT-BUNDLED-5", "firetext", "593981110017", MessageStatus.DELIVERED),
        once(tenant, "bundled-6", "standard", "lucia", MessageStatus.READ));
  }

  private static ExpectedMessage once(
      String tenant, String messageId, String provider, String user, MessageStatus status) {
    return of(tenant, messageId, provider, user, status, 1);
  }

  private static ExpectedMessage of(
      String tenant,
      String messageId,
      String provider,
      String user,
      MessageStatus status,
      int distinctEvents) {
    return new ExpectedMessage(
        tenant, messageId, provider, user, status, true, false, distinctEvents);
  }

  private static String twilio(String end) {
    return "SMb0b000000000000000000000000000" + end;
  }

  private static String withTimes(String template, long now) {
    return TIME.matcher(template).replaceAll(found -> time(found, now));
  }

  private static String time(MatchResult found, long now) {
    long shift = Long.parseLong(found.group(2));
    return switch (found.group(1)) {
      case "seconds" -> Long.toString(now / 1_000 + shift);
      case "millis" -> Long.toString(now + shift);
      default -> Instant.ofEpochMilli(now + shift * 1_000).toString();
    };
  }

  private static String resource(String name) {
    try (InputStream in = BundledWebhooks.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
