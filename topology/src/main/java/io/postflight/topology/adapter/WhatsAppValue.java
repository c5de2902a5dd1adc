package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.lifecycle.Facts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of one {@code value} of a WhatsApp webhook. The order of JSON fields is undefined, so
 * {@code metadata} and {@code contacts} may follow the statuses: the entries are kept here until
 * the end of the value.
 */
final class WhatsAppValue {
  /** Attribute of events in a group. An entry that has it gets no user from contacts. */
  static final String GROUP = Facts.GROUP;

  /** Ids of a contact. */
  private static final String[] IDS = {"wa_id", "user_id", "parent_user_id"};

  private final List<EventDraft> drafts = new ArrayList<>(4);
  private final List<EventDraft> idUpdates = new ArrayList<>(0);

  /** Fields of an update of ids without a list; null: there are none. */
  private @Nullable FlatObject bareIdUpdate;

  private @Nullable String displayNumber;
  private @Nullable String phoneNumberId;
  private final List<FlatObject> contacts = new ArrayList<>(1);

  /** Contacts by each of their ids; null until one is searched. */
  private @Nullable Map<String, FlatObject> byId;

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  void add(EventDraft draft) {
    drafts.add(draft);
  }

  void addIdUpdate(EventDraft draft) {
    idUpdates.add(draft);
  }

  /** Keeps a field of the value in case that the value is itself an update of ids. */
  void bareIdUpdate(String name, JsonParser parser, FlatObject.Budget budget) throws IOException {
    if (bareIdUpdate == null) {
      bareIdUpdate = FlatObject.create();
    }
    bareIdUpdate.add(name, parser, budget);
  }

  /**
   * Makes the updates of ids entries of this value.
   *
   * @param only whether the value is of their field, where nothing else is an entry
   */
  void takeIdUpdates(boolean only) {
    if (only) {
      drafts.clear();
      if (idUpdates.isEmpty() && bareIdUpdate != null) {
        drafts.add(WhatsAppIdUpdates.read(bareIdUpdate));
      }
    }
    drafts.addAll(idUpdates);
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

  /**
   * Reads the people of the entries. An entry that names nobody belongs to the single contact; to
   * an entry that names one the contact with that id adds further ids of the person. Another
   * contact is somebody else, whose name is not that of the entry's person.
   */
  void contacts(JsonParser parser, FlatObject.Budget budget) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token == JsonToken.START_OBJECT) {
        contacts.add(FlatObject.read(parser, budget));
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
    boolean inbound = draft.direction() == Direction.INBOUND;
    if (inbound) {
      draft.recipient(displayNumber);
    } else {
      draft.sender(displayNumber);
    }
    FlatObject only = contacts.size() == 1 ? contacts.get(0) : null;
    if (only != null && draft.userId() == null && !draft.attributes().containsKey(GROUP)) {
      draft.userId(only.id(draft, IDS));
    }
    FlatObject person = contactOf(draft);
    if (person != null) {
      for (String path : IDS) {
        draft.alias(person.validId(path));
      }
    }
    boolean unnamed = only != null && only.first(IDS) == null;
    FlatObject author = unnamed ? only : person;
    if (inbound && author != null) {
      draft
          .attribute("profileName", author.get("profile.name"))
          .attribute("username", author.first("profile.username", "username"));
    }
  }

  /** The contact that has one of the ids that the entry has; null if there is none. */
  private @Nullable FlatObject contactOf(EventDraft draft) {
    String user = draft.userId();
    if (user == null || contacts.isEmpty()) {
      return null;
    }
    if (byId == null) {
      byId = new HashMap<>();
      for (FlatObject contact : contacts) {
        for (String path : IDS) {
          String id = contact.validId(path);
          if (id != null) {
            byId.putIfAbsent(id, contact);
          }
        }
      }
    }
    FlatObject found = byId.get(user);
    for (int i = 0; found == null && i < draft.aliases().size(); i++) {
      found = byId.get(draft.aliases().get(i));
    }
    return found;
  }
}
