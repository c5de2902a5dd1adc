package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Amazon's events of messages (End User Messaging SMS and Pinpoint, SNS text messages, SES), in the
 * envelopes that they are delivered in: a notification of SNS, whose {@code Message} is JSON in a
 * text; a batch of Firehose, whose {@code records} are JSON in base64; or none (raw delivery).
 *
 * <p>A record of Firehose may be a notification of SNS: envelopes are opened to a depth of {@value
 * #MAX_ENVELOPES}. A record that cannot be read is rejected alone. A record may have several
 * events, each in a line of its own or one after another; one that cannot be read is rejected alone
 * too.
 */
final class AwsAdapter implements ProviderAdapter {
  private static final int MAX_ENVELOPES = 3;

  private static final WantedFields ENVELOPE =
      WantedFields.of("Type", "Message", "TopicArn", "requestId")
          .list("records", WantedFields.of("data"));

  private final JsonBodies json;
  private final JsonDocuments documents;

  AwsAdapter(JsonBodies json) {
    this.json = json;
    this.documents = new JsonDocuments(json);
  }

  @Override
  public String provider() {
    return "aws";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    read(payload, entries, 1);
  }

  /** The first pass finds the envelope; only a body without one is read again for its event. */
  private void read(Payload payload, Entries entries, int depth) throws IOException {
    FieldValues envelope = object(payload, ENVELOPE);
    if (envelope == null) {
      throw new MalformedBodyException("the body is not an object");
    }
    // First: SNS signs the message only, so nothing beside it may decide what is read.
    if (envelope.has("Type") && envelope.has("TopicArn")) {
      notification(envelope, entries, depth);
    } else if (envelope.isStructure("records")) {
      records(envelope.list("records"), entries, depth);
    } else {
      event(payload, entries);
    }
  }

  private @Nullable FieldValues object(Payload payload, WantedFields wanted) throws IOException {
    try (JsonParser parser = json.open(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      FieldValues values = wanted.read(parser);
      JsonBodies.end(parser);
      return values;
    }
  }

  private void event(Payload payload, Entries entries) throws IOException {
    FieldValues event = object(payload, AwsEvents.WANTED);
    if (event != null) {
      AwsEvents.read(event, entries);
    }
  }

  private void notification(FieldValues envelope, Entries entries, int depth) throws IOException {
    String message = envelope.get("Message");
    if (!"Notification".equals(envelope.get("Type"))) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT,
              "the message of SNS concerns the subscription, not a message"));
    } else if (message == null || !isObject(message)) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the notification of SNS is not a JSON object"));
    } else {
      open(message.getBytes(StandardCharsets.UTF_8), entries, depth);
    }
  }

  private static boolean isObject(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c == '{';
      }
    }
    return false;
  }

  private void records(List<FieldValues> records, Entries entries, int depth) throws IOException {
    if (records.isEmpty()) {
      entries.add(EventDraft.rejected(RejectionReason.UNSUPPORTED_EVENT, "'records' is empty"));
    }
    for (FieldValues record : records) {
      byte[] data = decoded(record.get("data"));
      if (data == null) {
        entries.add(
            EventDraft.rejected(
                RejectionReason.MALFORMED_BODY, "the data of a record is not text in base64"));
      } else {
        for (byte[] document : documents.of(data)) {
          open(document, entries, depth);
        }
      }
    }
  }

  private static byte @Nullable [] decoded(@Nullable String base64) {
    if (base64 == null) {
      return null;
    }
    try {
      byte[] data = Base64.getDecoder().decode(base64);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
      return data;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }

  /**
   * Reads what is in an envelope; what is not JSON there is rejected alone. No entry is added
   * before the content has been read to its end, so there is none to take back.
   */
  private void open(byte[] content, Entries entries, int depth) throws IOException {
    try {
      if (depth == MAX_ENVELOPES) {
        throw new MalformedBodyException("there are too many envelopes in each other");
      }
      read(new Payload(content, 0, null, false), entries, depth + 1);
    } catch (JacksonException | MalformedBodyException e) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.MALFORMED_BODY,
              e instanceof MalformedBodyException
                  ? "within its envelope: " + e.getMessage()
                  : "the content of the envelope is not a JSON object"));
    }
  }
}
