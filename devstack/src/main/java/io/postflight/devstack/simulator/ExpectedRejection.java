package io.postflight.devstack.simulator;

import io.postflight.schema.topic.RejectionReason;

/**
 * An entry of a webhook that must be rejected.
 *
 * @param index position in the body, from 0
 * @param reason of the rejection
 */
public record ExpectedRejection(int index, RejectionReason reason) {}
