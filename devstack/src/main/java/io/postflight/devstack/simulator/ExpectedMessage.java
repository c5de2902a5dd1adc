package io.postflight.devstack.simulator;

import io.postflight.schema.lifecycle.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of one message once all its webhooks are processed.
 *
 * @param tenant whose message it is
 * @param messageId the provider's id
 * @param provider as in the webhook's address
 * @param userId the person on the other side; null if no webhook says who
 * @param status the status that its life demands
 * @param complete whether its life is over (a completing event came)
 * @param contradiction whether it both failed and arrived
 * @param distinctEvents how many different events it has, repetitions not counted
 */
public record ExpectedMessage(
    String tenant,
    String messageId,
    String provider,
    @Nullable String userId,
    MessageStatus status,
    boolean complete,
    boolean contradiction,
    int distinctEvents) {}
