package io.postflight.topology.normalize;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.topology.adapter.EventDraft;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes event ids: the first 16 bytes of a SHA-256 digest over the provider's data, base64url,
 * 22 characters. The time of arrival is not included, so that a redelivered event has the same id.
 *
 * <p>For a message: provider, message id, status, participant, and the provider's own event id, or
 * its unclamped time. For an action: provider, user, type, own event id or time, and the attributes
 * sorted by name. Each part is preceded by its length, so that the encoding is unambiguous; a
 * message has five parts, an action an even number. For an annotation the provider's status is
 * used, since two annotations may have the same time; for an edit without an id of its own also its
 * text, since two edits may have the same time or none.
 *
 * <p>Not thread-safe: an instance reuses its digest and buffer.
 */
final class EventIds {
  private static final int ID_BYTES = 16;

  private final MessageDigest digest;
  private final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
  private byte[] buffer = new byte[512];
  private int length;

  EventIds() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "SHA-256 is not available, although every Java platform must support it", e);
    }
  }

  /** The id of the event of a complete draft. */
  String of(String provider, Status status, EventDraft draft) {
    length = 0;
    part(provider);
    if (status == Status.ACTION) {
      part(draft.userId());
      part(draft.type());
      identityPart(draft);
      for (Map.Entry<String, String> attribute : new TreeMap<>(draft.attributes()).entrySet()) {
        part(attribute.getKey());
        part(attribute.getValue());
      }
    } else {
      part(draft.messageId());
      part(statusPart(status, draft.providerStatus()));
      part(draft.participant());
      identityPart(draft);
    }
    digest.update(buffer, 0, length);
    return encoder.encodeToString(Arrays.copyOf(digest.digest(), ID_BYTES));
  }

  private static String statusPart(Status status, @Nullable String providerStatus) {
    return status == Status.ANNOTATION && providerStatus != null
        ? "ANNOTATION:" + providerStatus.toLowerCase(Locale.ROOT)
        : status.name();
  }

  private void identityPart(EventDraft draft) {
    String own = draft.ownEventId();
    Long time = draft.time();
    String when = time == null ? "" : Long.toString(time);
    String body = draft.body();
    boolean edit = body != null && Edits.EDIT.equals(draft.providerStatus());
    part(own != null ? own : edit ? when + ':' + body : when);
  }

  private void part(@Nullable String text) {
    String value = text == null ? "" : text;
    int chars = value.length();
    reserve(Integer.BYTES + chars);
    int at = length + Integer.BYTES;
    for (int i = 0; i < chars; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        encoded(value.getBytes(StandardCharsets.UTF_8));
        return;
      }
      buffer[at + i] = (byte) c;
    }
    prefix(chars);
    length += chars;
  }

  private void encoded(byte[] bytes) {
    reserve(Integer.BYTES + bytes.length);
    prefix(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void prefix(int size) {
    buffer[length++] = (byte) (size >>> 24);
    buffer[length++] = (byte) (size >>> 16);
    buffer[length++] = (byte) (size >>> 8);
    buffer[length++] = (byte) size;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
