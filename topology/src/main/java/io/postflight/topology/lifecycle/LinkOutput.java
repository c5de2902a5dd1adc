package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.identity.IdentityRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the ids that an event names together, once for each minute in which they are named, and
 * again for an earlier event of that minute: from the first one on the lease is the person's. What
 * was sent is remembered for the most recent groups and minutes only, since it does no harm to send
 * it again. A task that is closed, and whose transaction may be aborted, takes its memory with it.
 */
final class LinkOutput {
  /** Groups of ids and minutes remembered, each of about 200 bytes. */
  private static final int REMEMBERED = 2_048;

  private final Outputs outputs;

  private static final long MINUTE = 60_000;

  /** The earliest event_time that was sent, by ids and minute. */
  private final Map<String, Long> sent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  LinkOutput(Outputs outputs) {
    this.outputs = outputs;
  }

  /**
   * Sends the links of an event if they are new.
   *
   * @param tier the tenant's present one, which needs the links too
   * @param owner the message's user, if the event names the same person by another id; null: no
   * @param createdAt of the message, epoch milliseconds
   */
  void send(MessageEvent event, String tier, @Nullable String owner, long createdAt) {
    if (event.getAliases().isEmpty() && owner == null) {
      return;
    }
    IdentityRecord named = Aliases.named(event, owner, createdAt);
    if (named == null) {
      return;
    }
    String use =
        named.getTenant()
            + '|'
            + tier
            + named.getIds()
            + named.getFormerIds()
            + Math.floorDiv(named.getAt(), MINUTE);
    Long first = sent.get(use);
    if (first == null || named.getAt() < first || !named.getFormerIds().isEmpty()) {
      sent.put(use, first == null ? named.getAt() : Math.min(first, named.getAt()));
      outputs.links(named);
    }
  }

  /** Sends everything again that is named from now on. */
  void forget() {
    sent.clear();
  }
}
