package io.postflight.topology.normalize;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.NormalizedUserId;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.adapter.EventDraft;
import io.postflight.topology.normalize.Outcome.Accepted;
import io.postflight.topology.normalize.Outcome.Rejected;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Assembles an adapter's draft into a canonical event or a rejection. */
final class EventAssembly {
  private static final Map<Status, String> TYPES = types();

  private final RawWebhook raw;
  private final EventIds ids;

  EventAssembly(RawWebhook raw, EventIds ids) {
    this.raw = raw;
    this.ids = ids;
  }

  Outcome finish(int index, EventDraft draft) {
    draft.messageId(Texts.presentOrNull(draft.messageId()));
    draft.ownEventId(Texts.presentOrNull(draft.ownEventId()));
    String user = draft.userId();
    draft.userId(user == null ? null : NormalizedUserId.of(user));
    Rejected fault = fault(index, draft);
    Status status = draft.status();
    if (fault != null || status == null) {
      return fault != null ? fault : unknownStatus(index, draft);
    }
    MessageEvent event = event(index, status, draft);
    if (exceeds(NormalizerLimits.ATTRIBUTES_BYTES, measure -> attributeBytes(event, measure))) {
      return rejected(
          index,
          RejectionReason.TOO_LARGE,
          "the attributes are larger than " + NormalizerLimits.ATTRIBUTES_BYTES + " bytes");
    }
    return exceeds(NormalizerLimits.EVENT_BYTES, measure -> size(event, measure))
        ? rejected(
            index,
            RejectionReason.TOO_LARGE,
            "the event is larger than " + NormalizerLimits.EVENT_BYTES + " bytes")
        : new Accepted(index, event);
  }

  private @Nullable Rejected fault(int index, EventDraft draft) {
    RejectionReason reason = draft.rejectionReason();
    if (reason != null) {
      String detail = draft.rejectionDetail();
      return rejected(index, reason, detail == null ? reason.name() : printable(detail));
    }
    if (draft.status() == Status.ACTION) {
      Rejected fault = idFault(index, "userId", draft.userId(), NormalizerLimits.ID_CHARS);
      return fault != null
          ? fault
          : idFault(index, "type", draft.type(), NormalizerLimits.TYPE_CHARS);
    }
    if (draft.messageId() == null) {
      return rejected(index, RejectionReason.MISSING_MESSAGE_ID, "the entry has no message id");
    }
    Rejected fault = idFault(index, "message id", draft.messageId(), NormalizerLimits.ID_CHARS);
    return fault != null || draft.userId() == null
        ? fault
        : idFault(index, "user id", draft.userId(), NormalizerLimits.ID_CHARS);
  }

  private static @Nullable Rejected idFault(int index, String name, @Nullable String id, int max) {
    if (id == null || id.isBlank()) {
      return rejected(index, RejectionReason.MALFORMED_BODY, name + " is missing");
    }
    if (id.length() > max) {
      return rejected(
          index,
          RejectionReason.TOO_LARGE,
          name + " has " + id.length() + " characters; allowed: at most " + max);
    }
    String fault = Texts.problemOfId(id);
    return fault == null
        ? null
        : rejected(index, RejectionReason.MALFORMED_BODY, name + " " + fault);
  }

  private Rejected unknownStatus(int index, EventDraft draft) {
    String text = Texts.presentOrNull(draft.providerStatus());
    return text == null
        ? rejected(index, RejectionReason.MALFORMED_BODY, "the entry has no status")
        : rejected(
            index,
            RejectionReason.UNKNOWN_STATUS,
            "status '"
                + printable(text.length() <= 64 ? text : text.substring(0, 63) + '…')
                + "' of "
                + raw.provider()
                + " is not known");
  }

  /** A text that is safe to print in a log line or header. */
  private static String printable(String given) {
    String text = Texts.repaired(given);
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return clean.toString();
  }

  private MessageEvent event(int index, Status status, EventDraft draft) {
    EventTimes time = EventTimes.of(draft.localTime() ? null : draft.time(), raw.receivedAt());
    boolean action = status == Status.ACTION;
    String own = action ? draft.type() : null;
    List<String> aliases = aliases(draft);
    return new MessageEvent(
        raw.tenant(),
        action ? null : draft.messageId(),
        ids.of(raw.provider(), status, draft),
        draft.userId(),
        own == null ? typeOf(status) : own,
        raw.provider(),
        draft.channel(),
        draft.direction(),
        status,
        Texts.repaired(draft.providerStatus(), NormalizerLimits.SHORT_TEXT_CHARS),
        time.millis(),
        time.source(),
        raw.receivedAt(),
        error(draft.error()),
        price(draft.price()),
        Texts.repaired(draft.sender(), NormalizerLimits.SHORT_TEXT_CHARS),
        Texts.repaired(draft.recipient(), NormalizerLimits.SHORT_TEXT_CHARS),
        Texts.repaired(draft.body(), Integer.MAX_VALUE),
        attributes(draft.attributes()),
        reference(index),
        aliases,
        formerIds(draft, aliases));
  }

  private static @Nullable EventError error(@Nullable EventError error) {
    if (error == null) {
      return null;
    }
    String code = Texts.repaired(error.getCode(), NormalizerLimits.SHORT_TEXT_CHARS);
    String title = Texts.repaired(error.getTitle(), NormalizerLimits.SHORT_TEXT_CHARS);
    String detail = Texts.repaired(error.getDetail(), NormalizerLimits.LONG_TEXT_CHARS);
    return code == null && title == null && detail == null
        ? null
        : new EventError(code, title, detail);
  }

  private static @Nullable Price price(@Nullable Price price) {
    if (price == null) {
      return null;
    }
    String amount = Texts.repaired(price.getAmount(), NormalizerLimits.SHORT_TEXT_CHARS);
    String currency = Texts.repaired(price.getCurrency(), NormalizerLimits.SHORT_TEXT_CHARS);
    String category = Texts.repaired(price.getCategory(), NormalizerLimits.SHORT_TEXT_CHARS);
    return amount == null && currency == null && category == null && price.getBillable() == null
        ? null
        : new Price(amount, currency, category, price.getBillable());
  }

  /** The draft's own map if no value has to be repaired, which is the common case. */
  private static Map<String, String> attributes(Map<String, String> given) {
    for (Map.Entry<String, String> attribute : given.entrySet()) {
      if (Texts.isBroken(attribute.getKey()) || Texts.isBroken(attribute.getValue())) {
        return repaired(given);
      }
    }
    return given;
  }

  private static Map<String, String> repaired(Map<String, String> given) {
    Map<String, String> repaired = new HashMap<>(given.size() * 2);
    given.forEach((name, value) -> repaired.put(Texts.repaired(name), Texts.repaired(value)));
    return repaired;
  }

  /** In their normalized form, without the user; an id that cannot be one is left out. */
  private static List<String> aliases(EventDraft draft) {
    if (draft.aliases().isEmpty()) {
      return List.of();
    }
    Set<String> aliases = new TreeSet<>();
    for (String alias : draft.aliases()) {
      String normalized = NormalizedUserId.of(alias);
      if (!normalized.equals(draft.userId())
          && normalized.length() <= NormalizerLimits.ID_CHARS
          && Texts.problemOfId(normalized) == null) {
        aliases.add(normalized);
      }
    }
    return List.copyOf(aliases);
  }

  private static List<String> formerIds(EventDraft draft, List<String> aliases) {
    return draft.formerIds().stream()
        .map(NormalizedUserId::of)
        .filter(id -> id.equals(draft.userId()) || aliases.contains(id))
        .distinct()
        .sorted()
        .toList();
  }

  private @Nullable RawReference reference(int index) {
    RawReference at = raw.at();
    return at == null ? null : new RawReference(at.getPartition(), at.getOffset(), index);
  }

  /** Most events are small enough that the exact size need not be computed. */
  private static boolean exceeds(int limit, ToLongFunction<Measure> size) {
    return size.applyAsLong(Texts::maxUtf8Length) > limit
        && size.applyAsLong(Texts::utf8Length) > limit;
  }

  private static long size(MessageEvent event, Measure measure) {
    long bytes =
        NormalizerLimits.EVENT_OVERHEAD_BYTES
            + measure.of(event.getBody())
            + measure.of(event.getTenant())
            + measure.of(event.getMessageId())
            + measure.of(event.getUserId())
            + measure.of(event.getSender())
            + measure.of(event.getRecipient());
    for (String alias : event.getAliases()) {
      bytes += 8 + measure.of(alias);
    }
    EventError error = event.getError();
    if (error != null) {
      bytes += measure.of(error.getTitle()) + measure.of(error.getDetail());
    }
    return bytes + attributeBytes(event, measure);
  }

  private static long attributeBytes(MessageEvent event, Measure measure) {
    long bytes = 0;
    for (Map.Entry<String, String> attribute : event.getAttributes().entrySet()) {
      bytes += 8 + measure.of(attribute.getKey()) + measure.of(attribute.getValue());
    }
    return bytes;
  }

  @FunctionalInterface
  private interface Measure {
    long of(@Nullable String text);
  }

  static Rejected rejected(int index, RejectionReason reason, String detail) {
    return new Rejected(index, reason, detail);
  }

  private static String typeOf(Status status) {
    return TYPES.getOrDefault(status, "message");
  }

  private static Map<Status, String> types() {
    Map<Status, String> types = new EnumMap<>(Status.class);
    for (Status status : Status.values()) {
      types.put(status, "message." + status.name().toLowerCase(Locale.ROOT));
    }
    return types;
  }
}
