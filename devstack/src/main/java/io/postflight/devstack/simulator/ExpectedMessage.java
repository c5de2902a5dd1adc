package io.postflight.devstack.simulator;

import io.postflight.schema.lifecycle.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * The expected state of one message once all its webhooks are processed.
 *
 * @param tenant the tenant that owns the message
 * @param messageId the provider's id
 * @param provider as in the webhook's address
 * @param userId the person that the message was exchanged with; null if no webhook identifies the
 *     person
 * @param status the status that follows from its events
 * @param complete whether its lifecycle is complete (it has a completing event)
 * @param contradiction whether it has both failed and been delivered
 * @param distinctEvents number of distinct events, duplicates not counted
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
