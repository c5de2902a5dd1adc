package io.postflight.operations.deadletter;

import io.postflight.replay.deadletter.DeadLetterRecord;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it is listed. The fields are those of {@link DeadLetterRecord}, times in RFC
 * 3339.
 *
 * @param id its id
 * @param reason the first of its reasons
 * @param redriven whether it was redriven
 */
public record DeadLetterLine(
    String id,
    @Nullable String reason,
    List<String> reasons,
    @Nullable String detail,
    @Nullable String stage,
    @Nullable String tenant,
    @Nullable String provider,
    String time,
    @Nullable String source,
    @Nullable String indices,
    @Nullable String receivedAt,
    boolean redriven,
    int redriveCount,
    @Nullable String redrivenFrom) {
  /** The line of a dead letter. */
  public static DeadLetterLine of(ListedDeadLetter listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    Long receivedAt = deadLetter.receivedAt();
    return new DeadLetterLine(
        deadLetter.id().toString(),
        deadLetter.reason(),
        deadLetter.reasons(),
        deadLetter.detail(),
        deadLetter.stage(),
        deadLetter.tenant(),
        listed.provider(),
        Instant.ofEpochMilli(deadLetter.time()).toString(),
        deadLetter.source(),
        deadLetter.indices(),
        receivedAt == null ? null : Instant.ofEpochMilli(receivedAt).toString(),
        listed.redriven(),
        deadLetter.redriveCount(),
        deadLetter.redrivenFrom());
  }
}
