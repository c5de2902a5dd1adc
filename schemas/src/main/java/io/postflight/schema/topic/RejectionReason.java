package io.postflight.schema.topic;

/**
 * Why a record, or an entry of it, could not become an event. A closed set: part of the contract.
 */
public enum RejectionReason {
  /** The bytes are not what the provider sends: not JSON, wrong types, wrong encoding. */
  MALFORMED_BODY,
  /** No adapter has this name. */
  UNKNOWN_PROVIDER,
  /** No tenant has this id, in a snapshot at least as new as the gateway's. */
  UNKNOWN_TENANT,
  /** The provider's word for the status is not known. */
  UNKNOWN_STATUS,
  /** A status without the message it is about. */
  MISSING_MESSAGE_ID,
  /** The canonical event is larger than is allowed. */
  TOO_LARGE,
  /** A webhook that is no message event: counted and kept raw, no failure. */
  UNSUPPORTED_EVENT,
  /** A fault of ours. */
  INTERNAL
}
