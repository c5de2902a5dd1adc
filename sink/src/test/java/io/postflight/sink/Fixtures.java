package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of a tier's topic, as the topology creates them. */
public final class Fixtures {
  public static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  static final String TENANT = "acme";

  private Fixtures() {}

  /** A delivered message of a user: four rows. */
  public static TierRecord delivered(String user, String messageId) {
    return delivered(user, messageId, "Hello");
  }

  public static TierRecord delivered(String user, String messageId, String body) {
    long now = System.currentTimeMillis();
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant(TENANT)
            .setMessageId(messageId)
            .setEventId("e-" + messageId)
            .setUserId(user)
            .setType("message.delivered")
            .setProvider("whatsapp")
            .setChannel("WHATSAPP")
            .setDirection(Direction.OUTBOUND)
            .setStatus(Status.DELIVERED)
            .setEventTime(now)
            .setEventTimeSource(EventTimeSource.PROVIDER)
            .setReceivedAt(now)
            .setBody(body)
            .build();
    MessageRevision message =
        MessageRevision.newBuilder()
            .setTenant(TENANT)
            .setMessageId(messageId)
            .setTier(TIER.name())
            .setCreatedAt(now)
            .setListedAt(now)
            .setRevision(1)
            .setFacts(Facts.of(event))
            .build();
    return new TierRecord(
        TENANT, List.of(new TimelineEntry(event, now, 1)), message, now, null, now, null);
  }

  /** A command about a message, or about a user. */
  public static Erasure erasure(@Nullable String messageId, @Nullable String user) {
    return Erasure.newBuilder()
        .setId("erase-" + messageId + '-' + user)
        .setTenant(TENANT)
        .setMessageId(messageId)
        .setUserId(user)
        .setAt(System.currentTimeMillis())
        .build();
  }

  /** A record that carries a command. */
  public static TierRecord command(Erasure command) {
    return new TierRecord(TENANT, List.of(), null, command.getAt(), command, null, null);
  }
}
