package io.postflight.schema.topic;

/** Reasons why a record or an entry is rejected. A closed set, part of the public interface. */
public enum RejectionReason {
  /** The bytes do not have the provider's format: not JSON, wrong types, wrong encoding. */
  MALFORMED_BODY,
  /** The provider is not supported. */
  UNKNOWN_PROVIDER,
  /** The tenant does not exist, in a snapshot at least as new as the gateway's. */
  UNKNOWN_TENANT,
  /** The provider's status is unknown. */
  UNKNOWN_STATUS,
  /** A status without a message id. */
  MISSING_MESSAGE_ID,
  /** The canonical event is larger than allowed. */
  TOO_LARGE,
  /** The webhook does not concern a message: counted and kept raw, not an error. */
  UNSUPPORTED_EVENT,
  /** An internal error. */
  INTERNAL
}
