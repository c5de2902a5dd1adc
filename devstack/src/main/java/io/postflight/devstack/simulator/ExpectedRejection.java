package io.postflight.devstack.simulator;

import io.postflight.schema.topic.RejectionReason;

/**
 * An entry of a webhook that must be rejected.
 *
 * @param index place in the body, from 0
 * @param reason why
 */
public record ExpectedRejection(int index, RejectionReason reason) {}
