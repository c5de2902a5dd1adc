package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one {@code value} of a WhatsApp webhook. The order of JSON fields is undefined, so
 * {@code metadata} and {@code contacts} may follow the statuses: the entries are kept here until
 * the end of the value.
 */
final class WhatsAppValue {
  /** Attribute of events in a group. An entry that has it gets no user from contacts. */
  static final String GROUP = "groupId";

  private final List<EventDraft> drafts = new ArrayList<>(4);
  private @Nullable String displayNumber;
  private @Nullable String phoneNumberId;
  private int contacts;
  private @Nullable FlatObject contact;

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  void add(EventDraft draft) {
    drafts.add(draft);
  }

  /** Reads the business's own number. */
  void metadata(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (name.equals("display_phone_number")) {
        displayNumber = parser.getText();
      } else if (name.equals("phone_number_id")) {
        phoneNumberId = parser.getText();
      }
    }
  }

  /** Reads the user of the entries, which is unambiguous only if there is a single contact. */
  void contacts(JsonParser parser, FlatObject.Budget budget) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      contacts++;
      if (token == JsonToken.START_OBJECT && contacts == 1) {
        contact = FlatObject.read(parser, budget);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Adds the entries, each completed with the metadata and contacts of the value. */
  void addTo(Entries entries) throws IOException {
    for (EventDraft draft : drafts) {
      if (draft.rejectionReason() == null) {
        complete(draft);
      }
      entries.add(draft);
    }
  }

  private void complete(EventDraft draft) {
    draft.channel("WHATSAPP").attribute("phoneNumberId", phoneNumberId);
    boolean inbound = draft.status() == Status.RECEIVED;
    if (inbound) {
      draft.direction(Direction.INBOUND).recipient(displayNumber);
    } else {
      draft.direction(Direction.OUTBOUND).sender(displayNumber);
    }
    FlatObject other = contacts == 1 ? contact : null;
    if (other != null) {
      if (draft.userId() == null && !draft.attributes().containsKey(GROUP)) {
        draft.userId(other.id(draft, "wa_id", "user_id"));
      }
      if (inbound) {
        draft.attribute("profileName", other.get("profile.name"));
      }
    }
  }
}
