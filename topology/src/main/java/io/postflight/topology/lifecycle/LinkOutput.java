package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.identity.IdentityRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the ids that an event names together, once a minute for each group of ids: the first and
 * the last time matter. What was sent is remembered for the most recent groups only, since it does
 * no harm to send it again. A task that is closed, and whose transaction may be aborted, takes its
 * memory with it.
 */
final class LinkOutput {
  /** Groups of ids remembered, each of about 200 bytes. */
  private static final int REMEMBERED = 2_048;

  private final Outputs outputs;

  private static final long REFRESHED_MILLIS = 60_000;

  /** What was sent, by the ids. */
  private final Map<String, Sent> sent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
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
   */
  void send(MessageEvent event, String tier, @Nullable String owner) {
    if (event.getAliases().isEmpty() && owner == null) {
      return;
    }
    IdentityRecord named = Aliases.named(event, owner);
    if (named == null) {
      return;
    }
    String ids = named.getTenant() + '|' + tier + named.getIds() + named.getFormerIds();
    long at = named.getAt();
    Sent before = sent.get(ids);
    if (before == null
        || at < before.first()
        || at > before.last() + REFRESHED_MILLIS
        || !named.getFormerIds().isEmpty()) {
      sent.put(
          ids,
          before == null
              ? new Sent(at, at)
              : new Sent(Math.min(at, before.first()), Math.max(at, before.last())));
      outputs.links(named);
    }
  }

  /** Earliest and latest event_time sent, epoch milliseconds. */
  private record Sent(long first, long last) {}

  /** Sends everything again that is named from now on. */
  void forget() {
    sent.clear();
  }
}
