package io.postflight.operations.normalize;

import io.postflight.operations.FileFaults;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.directory.TenantRules;
import io.postflight.topology.normalize.Normalizer;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Normalizes recorded webhooks with the present adapters, and compares the events with those that
 * exist. So a change of an adapter is tried on real webhooks before it is released, and its events
 * are appended afterwards.
 *
 * <p>Both sides are read once and sorted by time of arrival in temporary files ({@link
 * SpilledEvents}), so that memory is bounded, and the space on disk is about that of the events of
 * both sides, uncompressed. The reading ends where the topics end when it begins; webhooks that the
 * normalizer has not processed are left out, since their events do not exist yet.
 */
public final class NormalizeReplay {
  private final OperationsSettings settings;
  private final TenantRules rules;
  private final Normalizer normalizer;

  /**
   * Of a deployment.
   *
   * @param rules that its tenants satisfy
   * @param normalizer with the present adapters
   */
  public NormalizeReplay(OperationsSettings settings, TenantRules rules, Normalizer normalizer) {
    this.settings = settings;
    this.rules = rules;
    this.normalizer = normalizer;
  }

  /**
   * Compares, and appends the differences if that is requested. Safe to interrupt or kill, and to
   * run again: what was appended is no difference then.
   *
   * @param each receives the differences, in the order in which the webhooks arrived
   * @throws OperationException if the provider or the tenant does not exist, a topic is missing, a
   *     server is unavailable, the disk is full, or the thread is interrupted
   */
  public NormalizeReplayReport run(
      NormalizeReplayRequest request,
      InstantSource clock,
      Progress progress,
      Consumer<EventDifference> each) {
    SecretNames.requireProvider(request.provider());
    if (request.from() > clock.millis()) {
      throw OperationException.usage(
          "--from is %s, which is in the future: no webhook is recorded from then on"
              .formatted(Instant.ofEpochMilli(request.from())));
    }
    String where = "Kafka at " + settings.kafka().bootstrapServers();
    try (TenantAdmin tenants = TenantAdmin.open(settings, rules);
        KafkaAdmin admin = KafkaAdmin.open(settings.kafka());
        SpilledEvents events = new SpilledEvents(SpilledEvents.IN_MEMORY_BYTES)) {
      if (request.tenant() != null) {
        tenants.requireNamed(request.tenant());
      }
      ReplayCounts counts = new ReplayCounts();
      ReplayScope scope =
          ReplayScope.of(request, settings, tenants::find, admin.client(), clock.millis());
      try (ReplayReader reader = new ReplayReader(settings, scope, normalizer, progress, counts)) {
        reader.read(admin, events);
      }
      try (EventComparison comparison =
          new EventComparison(settings, request, counts, events.count(), progress, each)) {
        events.drain(comparison);
      }
      return counts.report();
    } catch (IOException fault) {
      throw OperationException.usage(
          "temporary files in %s: %s; narrow --from and --to, or name another directory with"
                  .formatted(System.getProperty("java.io.tmpdir"), FileFaults.reason(fault))
              + " POSTFLIGHT_JAVA_OPTS=-Djava.io.tmpdir=DIR");
    } catch (InterruptedException | KafkaException fault) {
      throw ServerFaults.of(where, fault);
    }
  }
}
